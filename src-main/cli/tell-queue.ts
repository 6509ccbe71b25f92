import { tasksBefore } from "../../contract/tasks.ts";
import type { DaemonClient } from "../tunnel/daemon-client.ts";
import type { Context } from "./context.ts";
import { soon } from "./daemon.ts";

const SHOWN_LETTERS = 80;

/** Says why a task is not begun yet: what its agent is at, and which questions are open. */
export async function tellQueue(
  { screen, signal }: Pick<Context, "screen" | "signal">,
  api: DaemonClient["api"],
  taskId: string,
): Promise<void> {
  const tasks = await api.tasks.list({ limit: 500 }, soon(signal));
  const task = tasks.find(({ id }) => id === taskId);
  const before = task ? tasksBefore(task, tasks) : [];
  if (before.length === 0) return;
  const open = await api.approvals.list({ state: "open" }, soon(signal));
  screen.event({ type: "queued", taskId, behind: before.map(({ id }) => id), approvals: open.map(({ id }) => id) });
  for (const { agent, request, state } of before)
    screen.note(`Queued: ${agent} is at this first (${state}): ${brief(request)}`);
  for (const { id, agent, action } of open) screen.note(`  ${agent} asks to: ${brief(action)}\n${answerLine(id)}`);
}

/** How a question is answered from another command line. */
export function answerLine(approvalId: string): string {
  return `  Answer with: ai-infra approvals allow ${approvalId}   (or deny)`;
}

function brief(text: string): string {
  const [line = ""] = text.split("\n", 1);
  return line.length > SHOWN_LETTERS ? `${line.slice(0, SHOWN_LETTERS - 1)}…` : line;
}

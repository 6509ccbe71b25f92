import type { Approval } from "../../contract/approvals.ts";
import type { Task } from "../../contract/tasks.ts";
import { daemonClient } from "../api/clients.ts";
import { deadline } from "../api/retry.ts";
import { foldOlder } from "./fold.ts";
import { readTeam, updateTeam } from "./store.ts";

const CALL_MS = 15_000;
const PAGE_MESSAGES = 200;

export async function answerApproval(serverId: string, asked: Approval, allow: boolean): Promise<void> {
  const answer = { id: asked.id, allow, hash: asked.hash };
  const approval = await daemonClient(serverId).approvals.answer(answer, { signal: deadline(CALL_MS) });
  updateTeam(serverId, (team) => ({ ...team, approvals: { ...team.approvals, [approval.id]: approval } }));
}

export async function cancelTask(serverId: string, id: string): Promise<void> {
  const task = await daemonClient(serverId).tasks.cancel({ id }, { signal: deadline(CALL_MS) });
  updateTeam(serverId, (team) => ({ ...team, tasks: { ...team.tasks, [id]: task } }));
}

/** Loads a page of older messages, unless one is on its way or there is none. */
export async function loadOlder(serverId: string): Promise<void> {
  const { hasMore, loadingOlder, messages } = readTeam(serverId);
  const before = messages[0]?.id;
  if (!hasMore || loadingOlder || !before) return;
  updateTeam(serverId, (team) => ({ ...team, loadingOlder: true }));
  try {
    const request = { limit: PAGE_MESSAGES, before };
    const history = await daemonClient(serverId).chat.history(request, { signal: deadline(CALL_MS) });
    updateTeam(serverId, (team) => foldOlder(team, history));
  } catch {
    updateTeam(serverId, (team) => ({ ...team, loadingOlder: false }));
  }
}

/** Brings a task with its children and calls into the team's copy. */
export async function loadTask(serverId: string, id: string): Promise<void> {
  const shown = await daemonClient(serverId).tasks.show({ id }, { signal: deadline(CALL_MS) });
  updateTeam(serverId, (team) => ({
    ...team,
    tasks: { ...team.tasks, ...record([shown.task, ...shown.children]) },
    calls: { ...record(shown.calls), ...team.calls },
  }));
}

function record<T extends Pick<Task, "id">>(list: readonly T[]): Record<string, T> {
  return Object.fromEntries(list.map((item) => [item.id, item]));
}

import type { AgentName } from "../../contract/agents.ts";
import type { AlgorithmRun } from "../../contract/algorithm.ts";
import type { Approval } from "../../contract/approvals.ts";
import type { DaemonEvent } from "../../contract/events.ts";
import type { Task } from "../../contract/tasks.ts";
import type { Screen } from "./screen.ts";

/** One task with all that it led to, folded from the server's events and shown as they come. */
export interface Turn {
  readonly taskId: string;
  /** Where to go on after a lost connection. */
  lastSeq(): number;
  concerns(event: DaemonEvent): boolean;
  /** Shows the event; returns an approval that waits for a person. */
  take(event: DaemonEvent): Approval | null;
  /** The task once it has ended. */
  ended(): Task | null;
  text(): string;
  agents(): AgentName[];
}

interface TurnParts {
  readonly taskId: string;
  readonly seq: number;
  readonly screen: Screen;
}

export function createTurn({ taskId, seq, screen }: TurnParts): Turn {
  // The sent message itself may have the number `seq`.
  let lastSeq = Math.max(0, seq - 1);
  const tasks = new Set([taskId]);
  const agents = new Set<AgentName>();
  const answers: string[] = [];
  const stream = createTextStream(screen);
  let root: Task | null = null;

  const takeTask = (task: Task): void => {
    if (task.parentId !== null && tasks.has(task.parentId)) tasks.add(task.id);
    if (!tasks.has(task.id)) return;
    agents.add(task.agent);
    if (task.id === taskId) root = task;
    else screen.note(`  ${task.agent}: ${task.state}`);
    if (task.rest) screen.note(`  ${task.agent} rests: ${task.rest.reason.message}`);
  };
  let told = 0;
  const tellPhase = ({ trace }: AlgorithmRun): void => {
    const last = trace.at(-1);
    if (!last || last.number <= told) return;
    told = last.number;
    const back = trace.at(-2)?.sentBackTo ? ` (sent back: ${trace.at(-2)?.why ?? ""})` : "";
    screen.note(`  ${last.phase}, round ${last.iteration}${back}`);
  };
  return {
    taskId,
    lastSeq: () => lastSeq,
    concerns: (event) => tasks.has(taskOf(event) ?? ""),
    take(event) {
      if ("seq" in event) lastSeq = Math.max(lastSeq, event.seq);
      if (event.type === "task_changed") takeTask(event.task);
      if (!tasks.has(taskOf(event) ?? "")) return null;
      if (event.type === "tool_changed" && event.call.state === "running") {
        screen.note(`  ${event.call.agent}: ${event.call.tool} ${event.call.summary}`);
      }
      if (event.type === "delta" && event.role !== "thought" && event.taskId === taskId)
        stream.change(event.messageId, event.offset, event.text);
      if (event.type === "algorithm_changed") tellPhase(event.run);
      if (event.type === "message_added" && event.message.role === "agent" && event.message.taskId === taskId) {
        const { id, text, simulated } = event.message;
        answers.push(text);
        stream.finish(id, text, simulated);
      }
      return event.type === "approval_changed" && event.approval.state === "open" ? event.approval : null;
    },
    ended: () => (root?.endedAt ? root : null),
    text: () => root?.result ?? answers.join("\n\n"),
    agents: () => [...agents],
  };
}

function taskOf(event: DaemonEvent): string | null {
  switch (event.type) {
    case "message_added":
      return event.message.taskId;
    case "task_changed":
      return event.task.id;
    case "tool_changed":
      return event.call.taskId;
    case "approval_changed":
      return event.approval.taskId;
    case "snapshot_changed":
      return event.snapshot.taskId;
    case "team_message_changed":
      return event.message.payload.task_id;
    case "algorithm_changed":
      return event.run.taskId;
    case "delta":
      return event.taskId;
    case "spend_changed":
    case "agent_changed":
    case "caught_up":
      return null;
  }
}

/** Prints texts that grow by deltas; what has been printed is not printed again. */
function createTextStream(screen: Screen) {
  const texts = new Map<string, { text: string; printed: number }>();
  const show = (id: string, text: string) => {
    const printed = texts.get(id)?.printed ?? 0;
    if (text.length > printed) screen.write(text.slice(printed));
    texts.set(id, { text, printed: Math.max(printed, text.length) });
  };
  return {
    change(id: string, offset: number, text: string) {
      show(id, (texts.get(id)?.text ?? "").slice(0, offset) + text);
    },
    finish(id: string, text: string, simulated: boolean) {
      show(id, text);
      screen.write(simulated ? "\n[simulated]\n" : "\n");
    },
  };
}

import type { AgentName } from "../../../contract/agents.ts";
import type { Approval } from "../../../contract/approvals.ts";
import { MAIN_CONVERSATION, type Message } from "../../../contract/chat.ts";
import type { Task, ToolCall } from "../../../contract/tasks.ts";
import type { Draft, Team } from "../../team/state.ts";

/** One thing in the conversation, top to bottom. */
export type Entry =
  | {
      readonly kind: "message";
      readonly key: string;
      readonly at: string;
      readonly message: Message;
      readonly follows: boolean;
      readonly writing: boolean;
    }
  | {
      readonly kind: "calls";
      readonly key: string;
      readonly at: string;
      readonly agent: AgentName;
      readonly calls: readonly ToolCall[];
    }
  | {
      readonly kind: "task";
      readonly key: string;
      readonly at: string;
      readonly task: Task;
      readonly calls: readonly ToolCall[];
    }
  | { readonly kind: "failure"; readonly key: string; readonly at: string; readonly task: Task }
  | { readonly kind: "approval"; readonly key: string; readonly at: string; readonly approval: Approval };

export type Records = Pick<Team, "messages" | "tasks" | "calls" | "approvals" | "runs" | "hasMore">;

/** Tools that have a card of their own: the delegated task, the question. */
const SHOWN_ELSEWHERE = new Set(["delegate", "ask", "run_algorithm", "submit_output"]);

/** Everything said and done, in the order it began. What is older than the oldest loaded message stays out. */
export function timeline(team: Records): readonly Entry[] {
  const since = team.hasMore ? (team.messages[0]?.at ?? "") : "";
  const tasks = Object.values(team.tasks).filter((task) => task.conversationId === MAIN_CONVERSATION);
  const calls = Object.values(team.calls).filter((call) => !SHOWN_ELSEWHERE.has(call.tool));
  const byTask = Map.groupBy(calls, (call) => call.taskId);
  /** A phase that only thinks is seen on the card of its run. */
  const hasCard = (task: Task): boolean =>
    task.id in team.runs || (isDelegated(task) && (isWork(task) || byTask.has(task.id)));
  const entries: Entry[] = [
    ...team.messages.map((message) => messageEntry(message)),
    ...tasks.filter(hasCard).map((task) => taskEntry(task, byTask.get(task.id) ?? [])),
    ...tasks.filter((task) => !isDelegated(task)).flatMap((task) => callEntries(byTask.get(task.id) ?? [])),
    ...tasks.filter((task) => task.state === "failed" && !isDelegated(task) && !hasCard(task)).map(failureEntry),
    ...Object.values(team.approvals).map(approvalEntry),
  ];
  const kept = entries.filter((entry) => entry.at >= since || isOpenApproval(entry));
  return markFollowing(joinCalls(kept.toSorted((a, b) => compare(a.at, b.at))));
}

/** The conversation with what is being written at its end. */
export function withDrafts(entries: readonly Entry[], drafts: readonly Draft[]): readonly Entry[] {
  if (drafts.length === 0) return entries;
  const last = entries.at(-1)?.at ?? "";
  return markFollowing([...entries, ...drafts.map((draft) => draftEntry(draft, last))]);
}

function draftEntry(draft: Draft, at: string): Entry {
  const { messageId: id, taskId, agent, text } = draft;
  const message: Message = {
    id,
    taskId,
    agent,
    text,
    at,
    conversationId: MAIN_CONVERSATION,
    role: "agent",
    simulated: false,
  };
  return { kind: "message", key: id, at, message, follows: false, writing: true };
}

const isWork = (task: Task): boolean => task.phase === null || task.phase === "EXECUTE" || task.state === "failed";
const isDelegated = (task: Task): boolean => task.parentId !== null;

function messageEntry(message: Message): Entry {
  return { kind: "message", key: message.id, at: message.at, message, follows: false, writing: false };
}

function taskEntry(task: Task, calls: readonly ToolCall[]): Entry {
  return { kind: "task", key: `task-${task.id}`, at: task.createdAt, task, calls: calls.toSorted(byStart) };
}

function callEntries(calls: readonly ToolCall[]): readonly Entry[] {
  return calls.map((call) => ({
    kind: "calls",
    key: `calls-${call.id}`,
    at: call.startedAt,
    agent: call.agent,
    calls: [call],
  }));
}

function failureEntry(task: Task): Entry {
  return { kind: "failure", key: `failure-${task.id}`, at: task.endedAt ?? task.createdAt, task };
}

function approvalEntry(approval: Approval): Entry {
  return { kind: "approval", key: `approval-${approval.id}`, at: approval.createdAt, approval };
}

function isOpenApproval(entry: Entry): boolean {
  return entry.kind === "approval" && entry.approval.state === "open";
}

/** Calls with nothing said between them become one card. */
function joinCalls(entries: readonly Entry[]): readonly Entry[] {
  const joined: Entry[] = [];
  for (const entry of entries) {
    const last = joined.at(-1);
    if (entry.kind === "calls" && last?.kind === "calls" && last.calls[0]?.taskId === entry.calls[0]?.taskId) {
      joined[joined.length - 1] = { ...last, calls: [...last.calls, ...entry.calls] };
    } else joined.push(entry);
  }
  return joined;
}

/** A message right after one of the same speaker and task needs no name again. */
function markFollowing(entries: readonly Entry[]): readonly Entry[] {
  return entries.map((entry, index) => {
    const before = entries[index - 1];
    if (entry.kind !== "message" || entry.message.role !== "agent" || !before) return entry;
    const follows =
      (before.kind === "message" &&
        before.message.role === "agent" &&
        before.message.agent === entry.message.agent &&
        before.message.taskId === entry.message.taskId) ||
      (before.kind === "calls" && before.calls[0]?.taskId === entry.message.taskId && saidBefore(entries, index));
    return follows ? { ...entry, follows } : entry;
  });
}

/** Whether the speaker's name stands above the calls before entry `index` already. */
function saidBefore(entries: readonly Entry[], index: number): boolean {
  const calls = entries[index - 1];
  const earlier = entries[index - 2];
  return (
    calls?.kind === "calls" &&
    earlier?.kind === "message" &&
    earlier.message.taskId === calls.calls[0]?.taskId &&
    earlier.message.role === "agent"
  );
}

function byStart(a: ToolCall, b: ToolCall): number {
  return compare(a.startedAt, b.startedAt);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

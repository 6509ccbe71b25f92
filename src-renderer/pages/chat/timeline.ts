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
  | { readonly kind: "rest"; readonly key: string; readonly at: string; readonly task: Task }
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
    ...tasks.filter((task) => task.rest && !isDelegated(task)).map(restEntry),
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
  const isLast = ({ taskId }: Draft, index: number): boolean =>
    !drafts.slice(index + 1).some((later) => later.taskId === taskId);
  return markFollowing([...entries, ...drafts.map((draft, index) => draftEntry(draft, last, isLast(draft, index)))]);
}

function draftEntry(draft: Draft, at: string, writing: boolean): Entry {
  const { messageId: id, taskId, agent, role, text } = draft;
  const message: Message = {
    id,
    taskId,
    agent,
    role,
    text,
    at: draft.at,
    conversationId: MAIN_CONVERSATION,
    simulated: false,
  };
  return { kind: "message", key: id, at, message, follows: false, writing };
}

/** Later than anything that has happened. */
const LAST = Date.UTC(9999, 0);

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

/** Below everything the task has done so far. */
function restEntry(task: Task): Entry {
  return { kind: "rest", key: `rest-${task.id}`, at: new Date(LAST).toISOString(), task };
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

/** Thoughts count: the name above them stands for the words below. */
function isSaidByAgent({ role }: Message): boolean {
  return role === "agent" || role === "thought";
}

/** A message right after one of the same speaker and task needs no name again. */
function markFollowing(entries: readonly Entry[]): readonly Entry[] {
  return entries.map((entry, index) => {
    const before = entries[index - 1];
    if (entry.kind !== "message" || !isSaidByAgent(entry.message) || !before) return entry;
    const follows =
      (before.kind === "message" &&
        isSaidByAgent(before.message) &&
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
    isSaidByAgent(earlier.message)
  );
}

function byStart(a: ToolCall, b: ToolCall): number {
  return compare(a.startedAt, b.startedAt);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

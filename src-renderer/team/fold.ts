import type { InferContractRouterOutputs } from "@orpc/contract";
import { MAIN_CONVERSATION, type Message, type chat } from "../../contract/chat.ts";
import type { DaemonEvent } from "../../contract/events.ts";
import type { Task } from "../../contract/tasks.ts";
import { foldSpend } from "./spend.ts";
import type { Draft, Team } from "./state.ts";

export type History = InferContractRouterOutputs<typeof chat>["history"];

/**
 * The team after an event. Stored events count once by their number; a message counts once by its id; a piece of text
 * replaces what follows its offset, and one that would leave a gap is left out until the whole text comes again.
 */
export function foldEvent(team: Team, event: DaemonEvent): Team {
  if (event.type === "delta") return foldDelta(team, event);
  if (event.type === "agent_changed") return foldAgent(team, event.agent);
  if (event.type === "spend_changed") return { ...team, spend: foldSpend(team.spend, event) };
  if (team.seq !== null && event.seq <= team.seq && event.type !== "caught_up") return team;
  return { ...foldStored(team, event), seq: Math.max(team.seq ?? 0, event.seq) };
}

type Stored = Exclude<DaemonEvent, { type: "delta" | "agent_changed" | "spend_changed" }>;

function foldStored(team: Team, event: Stored): Team {
  switch (event.type) {
    case "message_added":
      return addMessage(team, event.message);
    case "task_changed":
      return foldTask(team, event.task);
    case "tool_changed":
      return { ...team, calls: { ...team.calls, [event.call.id]: event.call } };
    case "approval_changed":
      return { ...team, approvals: { ...team.approvals, [event.approval.id]: event.approval } };
    case "algorithm_changed":
      return { ...team, runs: { ...team.runs, [event.run.taskId]: event.run } };
    case "snapshot_changed":
      return { ...team, snapshots: { ...team.snapshots, [event.snapshot.id]: event.snapshot } };
    case "team_message_changed":
      return { ...team, teamMessages: { ...team.teamMessages, [event.message.id]: event.message } };
    case "caught_up":
      return { ...team, live: "live", error: null };
  }
}

/** The newest page of the conversation, on an empty team. */
export function foldHistory(team: Team, history: History): Team {
  return {
    ...withRecords(team, history),
    messages: history.messages,
    drafts: [],
    hasMore: history.hasMore,
    pending: team.pending.filter((pending) => !history.messages.some((message) => message.id === pending.id)),
    seq: history.seq,
  };
}

/** A page of older messages, put before what is there. */
export function foldOlder(team: Team, history: History): Team {
  const known = new Set(team.messages.map((message) => message.id));
  const older = history.messages.filter((message) => !known.has(message.id));
  return {
    ...withRecords(team, history),
    messages: [...older, ...team.messages],
    hasMore: history.hasMore,
    loadingOlder: false,
  };
}

/** Records of a page fill gaps only: what events brought is newer. */
function withRecords(team: Team, history: History): Team {
  return {
    ...team,
    tasks: { ...byId(history.tasks), ...team.tasks },
    calls: { ...byId(history.calls), ...team.calls },
    approvals: { ...byId(history.approvals), ...team.approvals },
    runs: { ...Object.fromEntries(history.runs.map((run) => [run.taskId, run])), ...team.runs },
  };
}

export function foldTaskList(team: Team, tasks: readonly Task[]): Team {
  return { ...team, tasks: { ...team.tasks, ...byId(tasks) } };
}

function addMessage(team: Team, message: Message): Team {
  if (message.conversationId !== MAIN_CONVERSATION) return team;
  if (team.messages.some((known) => known.id === message.id)) return team;
  return {
    ...team,
    messages: [...team.messages, message],
    drafts: team.drafts.filter((draft) => draft.messageId !== message.id),
    pending: team.pending.filter((pending) => pending.id !== message.id),
  };
}

function foldTask(team: Team, task: Task): Team {
  const ended = task.state === "done" || task.state === "failed" || task.state === "cancelled";
  return {
    ...team,
    tasks: { ...team.tasks, [task.id]: task },
    drafts: ended ? team.drafts.filter((draft) => draft.taskId !== task.id) : team.drafts,
  };
}

function foldDelta(team: Team, delta: Extract<DaemonEvent, { type: "delta" }>): Team {
  if (delta.conversationId !== MAIN_CONVERSATION) return team;
  if (team.messages.some((message) => message.id === delta.messageId)) return team;
  const known = team.drafts.find((draft) => draft.messageId === delta.messageId);
  const before = known?.text ?? "";
  if (delta.offset > before.length) return team;
  const draft: Draft = {
    messageId: delta.messageId,
    taskId: delta.taskId,
    agent: delta.agent,
    role: delta.role ?? "agent",
    at: known?.at ?? new Date().toISOString(),
    text: before.slice(0, delta.offset) + delta.text,
  };
  if (!known) return { ...team, drafts: [...team.drafts, draft] };
  return { ...team, drafts: team.drafts.map((other) => (other === known ? draft : other)) };
}

function foldAgent(team: Team, agent: Team["agents"][number]): Team {
  const known = team.agents.some((other) => other.name === agent.name);
  return {
    ...team,
    agents: known ? team.agents.map((other) => (other.name === agent.name ? agent : other)) : [...team.agents, agent],
  };
}

function byId<T extends { readonly id: string }>(records: readonly T[]): Record<string, T> {
  return Object.fromEntries(records.map((record) => [record.id, record]));
}

import type { AgentName, AgentStatus } from "../../contract/agents.ts";
import type { AlgorithmRun, WorkMode } from "../../contract/algorithm.ts";
import type { Approval } from "../../contract/approvals.ts";
import type { Message } from "../../contract/chat.ts";
import type { WireError } from "../../contract/errors.ts";
import type { Snapshot } from "../../contract/snapshots.ts";
import type { DaemonStatus } from "../../contract/status.ts";
import type { Task, ToolCall } from "../../contract/tasks.ts";
import type { SentMessage } from "../../contract/team-messages.ts";
import type { SpendNow } from "./spend.ts";

/** A message that is being written. */
export interface Draft {
  readonly messageId: string;
  readonly taskId: string;
  readonly agent: AgentName;
  readonly role: "agent" | "thought";
  readonly text: string;
  /** When it was first seen. */
  readonly at: string;
}

/** A message of the person that the server has not yet shown back. `failed`: refused, with the reason. */
export interface Pending {
  readonly id: string;
  readonly text: string;
  readonly agent: AgentName | null;
  readonly mode: WorkMode;
  readonly at: string;
  readonly state: "queued" | "sending" | "sent" | "failed";
  readonly error?: WireError;
}

/** Everything the page holds about one server's team; the daemon is the writer, this is a copy. */
export interface Team {
  /** `behind`: what is shown may be old, because the team cannot be reached at the moment. */
  readonly live: "loading" | "live" | "behind" | "failed";
  readonly error: WireError | null;
  /** When this copy was last known to be complete, in milliseconds. */
  readonly seenAt: number | null;
  /** The last stored event that is folded in; null before the first history. */
  readonly seq: number | null;
  /** Oldest first. */
  readonly messages: readonly Message[];
  readonly hasMore: boolean;
  readonly loadingOlder: boolean;
  readonly drafts: readonly Draft[];
  readonly tasks: Readonly<Record<string, Task>>;
  readonly calls: Readonly<Record<string, ToolCall>>;
  readonly approvals: Readonly<Record<string, Approval>>;
  /** By the id of their task. */
  readonly runs: Readonly<Record<string, AlgorithmRun>>;
  /** What was kept before actions that destroy. */
  readonly snapshots: Readonly<Record<string, Snapshot>>;
  /** What agents told each other, as far as it was read. */
  readonly teamMessages: Readonly<Record<string, SentMessage>>;
  readonly agents: readonly AgentStatus[];
  readonly status: DaemonStatus | null;
  /** Null until it is read, and with a daemon that does not tell. */
  readonly spend: SpendNow | null;
  readonly pending: readonly Pending[];
}

export const EMPTY_TEAM: Team = {
  live: "loading",
  error: null,
  seenAt: null,
  seq: null,
  messages: [],
  hasMore: false,
  loadingOlder: false,
  drafts: [],
  tasks: {},
  calls: {},
  approvals: {},
  runs: {},
  snapshots: {},
  teamMessages: {},
  agents: [],
  status: null,
  spend: null,
  pending: [],
};

import type { ColumnType, Generated, JSONColumnType } from "kysely";
import type { AgentName } from "../../contract/agents.ts";
import type { AlgorithmRun, Phase, PhaseOutputs, WantedOutput, WorkMode } from "../../contract/algorithm.ts";
import type { AuditKind } from "../../contract/audit.ts";
import type { Approval, Destructive } from "../../contract/approvals.ts";
import type { Message } from "../../contract/chat.ts";
import type { CallRecord, JournalEntry, Turn } from "../../contract/console-api.ts";
import type { WireError } from "../../contract/errors.ts";
import type { KeepPlan } from "../../contract/keeping.ts";
import type { Snapshot } from "../../contract/snapshots.ts";
import type { BudgetName } from "../../contract/spend.ts";
import type { ActionPattern } from "../../contract/permissions.ts";
import type { TeamMessage } from "../../contract/team-messages.ts";
import type { TaskState } from "../../contract/tasks.ts";

/** JSON columns are `json`, not `jsonb`: text with NUL characters must survive. */
type Json<T> = ColumnType<T, string, string>;
type NullableJson<T> = ColumnType<T | null, string | null, string | null>;
type Time = ColumnType<Date, Date | undefined, Date>;
type NullableTime = ColumnType<Date | null, Date | null | undefined, Date | null>;

export interface Database {
  conversations: { id: string; created_at: Time };
  messages: {
    id: string;
    /** Order of arrival. */
    number: Generated<number>;
    conversation_id: string;
    task_id: string | null;
    role: Message["role"];
    agent: AgentName | null;
    text: string;
    simulated: boolean;
    /** The number of the event that told about a person's message. */
    seq: number | null;
    at: Time;
    ms: Generated<number | null>;
  };
  tasks: {
    id: string;
    number: Generated<number>;
    /** The task at the top of the tree; its own id for a task without parent. */
    root_id: string;
    parent_id: string | null;
    conversation_id: string;
    agent: AgentName;
    origin: Turn["from"];
    request: string;
    state: TaskState;
    result: string | null;
    error: NullableJson<WireError>;
    simulated: Generated<boolean>;
    /** 1 to 10; 10 is the most urgent. */
    priority: Generated<number>;
    /** A person stopped it for a while. */
    paused_at: NullableTime;
    /** How often it was handed to another agent. */
    handed_on: Generated<number>;
    mode: Generated<WorkMode>;
    /** Of the parent's run. */
    phase: Phase | null;
    /** Of the workspace, which the task changes in a worktree of its own. */
    repository: string | null;
    /** What the task has to end with, and what it ended with. */
    wanted_output: NullableJson<WantedOutput>;
    output: NullableJson<unknown>;
    created_at: Time;
    started_at: NullableTime;
    ended_at: NullableTime;
    /** Why it rests; null while it does not. */
    rest_reason: ColumnType<WireError | null, string | null | undefined, string | null>;
    /** When it goes on; null also when that depends on the reason. */
    rest_until: NullableTime;
  };
  turns: {
    id: string;
    task_id: string;
    /** 1, and one more each time the task is handed to another agent. */
    number: Generated<number>;
    agent: AgentName;
    /** What the agent is given to read; null: the task's own request. */
    request: string | null;
    history: Json<Turn["history"]>;
    created_at: Time;
    ended_at: NullableTime;
  };
  model_uses: {
    /** Made by the gateway for each request. */
    id: string;
    at: Time;
    day: string;
    agent: AgentName;
    task_id: string;
    root_id: string;
    turn_id: string;
    model: string;
    simulated: boolean;
    status: number;
    /** Our code for what broke the answer; null when nothing did. */
    error: string | null;
    input_tokens: number;
    output_tokens: number;
    cache_write_5m_tokens: number;
    cache_write_1h_tokens: number;
    cache_read_tokens: number;
    /** Null when the price of the model is not known. */
    usd: number | null;
    ms: number;
    first_token_ms: number | null;
  };
  budgets: { name: BudgetName; usd: number };
  journal_entries: {
    turn_id: string;
    index: number;
    kind: JournalEntry["kind"];
    message: Json<unknown>;
    tokens: number | null;
    kept_from: number | null;
  };
  calls: {
    turn_id: string;
    call_id: string;
    number: Generated<number>;
    task_id: string;
    conversation_id: string;
    agent: AgentName;
    tool: string;
    summary: string;
    /** Of agent, tool and input. */
    action_hash: string | null;
    /** `person`, `level`, or which rule or grant. */
    allowed_by: string | null;
    /** When the broker took the right to do it as root. */
    root_used_at: NullableTime;
    state: CallRecord["state"];
    output: string;
    /** SHA-256 of the end and the output, without words of ours; null until it has ended. */
    result_hash: ColumnType<string | null, string | null | undefined, string | null>;
    started_at: Time;
    ended_at: NullableTime;
  };
  approvals: {
    id: string;
    task_id: string;
    conversation_id: string;
    agent: AgentName;
    action: string;
    reason: string;
    state: Approval["state"];
    created_at: Time;
    expires_at: Time;
    answered_at: NullableTime;
    /** Of the call the answer is bound to; null for a question in an agent's own words. */
    tool: string | null;
    input: NullableJson<unknown>;
    action_hash: string | null;
    destructive: NullableJson<Destructive>;
    grantable: NullableJson<ActionPattern[]>;
    /** How often a looping agent did the same; null for any other question. */
    repeats: ColumnType<number | null, number | null | undefined, number | null>;
    answered_by: string | null;
    used_at: NullableTime;
  };
  snapshots: {
    id: string;
    number: Generated<number>;
    kind: Snapshot["kind"];
    agent: AgentName | null;
    task_id: string | null;
    conversation_id: string | null;
    /** `<turn>.<call>`. */
    call_id: string | null;
    approval_id: string | null;
    action: string;
    /** Null for what the broker keeps. */
    plan: NullableJson<KeepPlan>;
    targets: Json<string[]>;
    state: Snapshot["state"];
    bytes: Generated<number>;
    sha256: string | null;
    created_at: Time;
    kept_at: NullableTime;
    before_restore_of: string | null;
    restored_at: NullableTime;
    restored_by: string | null;
    error: NullableJson<WireError>;
  };
  team_messages: {
    id: string;
    number: Generated<number>;
    conversation_id: string;
    task_id: string | null;
    source: TeamMessage["source"];
    target: TeamMessage["target"];
    type: TeamMessage["type"];
    priority: number;
    action: string;
    context: string;
    memory_refs: Json<string[]>;
    pai: Json<TeamMessage["pai"]>;
    at: Time;
  };
  team_message_receipts: { message_id: string; agent: AgentName; turn_id: string; at: Time };
  grants: {
    id: string;
    agent: AgentName;
    covers: Json<ActionPattern>;
    given_by: string;
    given_at: Time;
    until: Time;
  };
  /** Each end of a console that nobody asked for. */
  console_deaths: {
    /** Names the end, so that it counts once. */
    id: string;
    agent: AgentName;
    at: Date;
    how: string;
    /** What it worked on. */
    task_ids: Json<string[]>;
  };
  /** Agents that are stopped until a person starts them. */
  agent_holds: { agent: AgentName; reason: string; since: Time; kept: boolean };
  /** When a person last started an agent: what happened before does not count against it. */
  agent_starts: { agent: AgentName; at: Date };
  algorithm_runs: {
    task_id: string;
    conversation_id: string;
    state: AlgorithmRun["state"];
    iteration: number;
    phase: Phase;
    criteria: Json<AlgorithmRun["criteria"]>;
    trace: Json<AlgorithmRun["trace"]>;
    outputs: Json<PhaseOutputs>;
    /** When its record was put away in the memory. */
    archived_at: NullableTime;
  };
  /** What was read last of the files of the memory. */
  memory_files: { path: string; bytes: number; modified_ms: number };
  memory_pieces: {
    id: string;
    path: string;
    text: string;
    /** Lexemes; PostgreSQL makes them. */
    words: Generated<string>;
  };
  memory_vectors: {
    /** Of the piece. */
    id: string;
    /** Whose it is: vectors of others cannot be compared with it. */
    model: string;
    /** The index beside the database has it. */
    fed: Generated<boolean>;
    bits: string;
    vector: Buffer;
  };
  audit: {
    seq: number;
    at: string;
    kind: AuditKind;
    agent: AgentName | null;
    task_id: string | null;
    detail: string;
    hash: string;
  };
  audit_head: { seq: number; hash: string };
  events: { seq: number; conversation_id: string; payload: JSONColumnType<object>; at: Time };
  event_counter: { seq: number };
}

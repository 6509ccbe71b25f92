import { type Kysely, sql } from "kysely";

const STATEMENTS = [
  `create table conversations (id text primary key, created_at timestamptz not null default now())`,
  `create table tasks (
    id text primary key, number bigserial, root_id text not null, parent_id text references tasks,
    conversation_id text not null references conversations, agent text not null, origin text not null,
    request text not null, state text not null, result text, error json, simulated boolean not null default false,
    created_at timestamptz not null default now(), started_at timestamptz, ended_at timestamptz)`,
  `create index tasks_by_number on tasks (number)`,
  `create index tasks_by_root on tasks (root_id)`,
  `create index tasks_open on tasks (agent) where ended_at is null`,
  `create index tasks_by_agent on tasks (agent, conversation_id, number)`,
  `create table messages (
    id text primary key, number bigserial, conversation_id text not null references conversations,
    task_id text, role text not null, agent text, text text not null,
    simulated boolean not null default false, seq bigint, at timestamptz not null default now())`,
  `create index messages_by_number on messages (conversation_id, number)`,
  `create table turns (
    id text primary key, task_id text not null unique references tasks, agent text not null, history json not null,
    created_at timestamptz not null default now(), ended_at timestamptz)`,
  `create index turns_open on turns (agent) where ended_at is null`,
  `create table journal_entries (
    turn_id text not null references turns, index integer not null, kind text not null, message json not null,
    primary key (turn_id, index))`,
  `create table calls (
    turn_id text not null references turns, call_id text not null, number bigserial, task_id text not null,
    conversation_id text not null, agent text not null, tool text not null, summary text not null,
    state text not null, output text not null, started_at timestamptz not null default now(), ended_at timestamptz,
    primary key (turn_id, call_id))`,
  `create index calls_by_task on calls (task_id)`,
  `create table approvals (
    id text primary key, task_id text not null references tasks, conversation_id text not null, agent text not null,
    action text not null, reason text not null, state text not null, created_at timestamptz not null default now(),
    expires_at timestamptz not null, answered_at timestamptz)`,
  `create index approvals_by_task on approvals (task_id)`,
  `create table events (
    seq bigint primary key, conversation_id text not null, payload json not null,
    at timestamptz not null default now())`,
  `create table event_counter (seq bigint not null)`,
  `insert into event_counter values (0)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

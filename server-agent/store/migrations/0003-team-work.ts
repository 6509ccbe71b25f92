import { type Kysely, sql } from "kysely";

const STATEMENTS = [
  `alter table tasks add column priority integer not null default 5, add column paused_at timestamptz,
    add column handed_on integer not null default 0`,
  `alter table turns drop constraint turns_task_id_key, add column number integer not null default 1, add column request text`,
  `create index turns_by_task on turns (task_id, number)`,
  `create table team_messages (
    id text primary key, number bigserial, conversation_id text not null, task_id text, source text not null,
    target text not null, type text not null, priority integer not null, action text not null, context text not null,
    memory_refs json not null, pai json not null, at timestamptz not null default now())`,
  `create index team_messages_by_task on team_messages (task_id, number)`,
  `create table team_message_receipts (
    message_id text not null references team_messages, agent text not null, turn_id text not null,
    at timestamptz not null default now(), primary key (message_id, agent))`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

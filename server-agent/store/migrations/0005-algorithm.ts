import { type Kysely, sql } from "kysely";

const STATEMENTS = [
  `alter table tasks add column mode text not null default 'auto', add column phase text,
    add column wanted_output json, add column output json`,
  `create index tasks_by_parent on tasks (parent_id) where parent_id is not null`,
  `create table algorithm_runs (
    task_id text primary key references tasks, conversation_id text not null, state text not null,
    iteration integer not null, phase text not null, criteria json not null, trace json not null,
    outputs json not null, archived_at timestamptz)`,
  `create index algorithm_runs_kept on algorithm_runs (task_id) where archived_at is null`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

import { type Kysely, sql } from "kysely";

const STATEMENTS = [
  `create table snapshots (
    id text primary key, number bigserial, kind text not null, agent text, task_id text, conversation_id text,
    call_id text, approval_id text, action text not null, plan json, targets json not null default '[]',
    state text not null, bytes bigint not null default 0, sha256 text, created_at timestamptz not null default now(),
    kept_at timestamptz, before_restore_of text, restored_at timestamptz, restored_by text, error json)`,
  `create index snapshots_by_time on snapshots (number)`,
  `create index snapshots_in_work on snapshots (agent) where state in ('taking', 'restoring')`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

import { type Kysely, sql } from "kysely";

const STATEMENTS = [
  `create table model_uses (
    id text primary key, at timestamptz not null default now(), day text not null, agent text not null,
    task_id text not null references tasks, root_id text not null, turn_id text not null references turns,
    model text not null, simulated boolean not null, status integer not null, error text,
    input_tokens integer not null, output_tokens integer not null, cache_write_5m_tokens integer not null,
    cache_write_1h_tokens integer not null, cache_read_tokens integer not null, usd double precision,
    ms integer not null, first_token_ms integer)`,
  `create index model_uses_by_day on model_uses (day)`,
  `create index model_uses_by_root on model_uses (root_id)`,
  `create index model_uses_by_task on model_uses (task_id)`,
  `create table budgets (name text primary key, usd double precision not null)`,
  `alter table tasks add column rest_reason json, add column rest_until timestamptz`,
  `alter table journal_entries add column tokens integer, add column kept_from integer`,
  `alter table messages add column ms integer`,
  `create index tasks_resting on tasks (rest_until) where rest_reason is not null`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

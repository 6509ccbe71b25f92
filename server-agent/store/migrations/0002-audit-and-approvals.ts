import { type Kysely, sql } from "kysely";

const STATEMENTS = [
  `create table audit (
    seq bigint primary key, at text not null, kind text not null, agent text, task_id text, detail text not null,
    hash text not null)`,
  `create index audit_by_task on audit (task_id, seq)`,
  `create table audit_head (seq bigint not null, hash text not null)`,
  `insert into audit_head values (0, repeat('0', 64))`,
  `create function refuse_audit_change() returns trigger language plpgsql as
    $$ begin raise exception 'the audit trail is append-only'; end $$`,
  `create trigger audit_is_append_only before update or delete or truncate on audit
    for each statement execute function refuse_audit_change()`,
  `alter table approvals add column tool text, add column input json, add column action_hash text,
    add column destructive json, add column answered_by text, add column used_at timestamptz`,
  `alter table calls add column action_hash text`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

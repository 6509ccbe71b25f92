import { type Kysely, sql } from "kysely";

const STATEMENTS = [
  `create table grants (
    id text primary key, agent text not null, covers json not null, given_by text not null,
    given_at timestamptz not null default now(), until timestamptz not null)`,
  `alter table approvals add column grantable json`,
  `create index grants_by_agent on grants (agent, until)`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

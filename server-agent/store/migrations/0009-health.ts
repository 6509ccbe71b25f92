import { type Kysely, sql } from "kysely";

const STATEMENTS = [
  `create table console_deaths (
    id text primary key, agent text not null, at timestamptz not null, how text not null, task_ids json not null)`,
  `create index console_deaths_by_agent on console_deaths (agent, at)`,
  `create table agent_holds (
    agent text primary key, reason text not null, since timestamptz not null default now(), kept boolean not null)`,
  `create table agent_starts (agent text primary key, at timestamptz not null)`,
  `alter table calls add column result_hash text`,
  `alter table approvals add column repeats integer`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

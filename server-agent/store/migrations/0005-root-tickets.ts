import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table calls add column root_used_at timestamptz`.execute(db);
}

import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table calls add column allowed_by text, add column root_used_at timestamptz`.execute(db);
}

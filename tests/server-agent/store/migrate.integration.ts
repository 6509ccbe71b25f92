import { Kysely, PostgresDialect, sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createLog } from "../../../server-agent/platform/log.ts";
import { migrate } from "../../../server-agent/store/migrate.ts";
import { openPool } from "../../../server-agent/store/open-store.ts";
import type { Database } from "../../../server-agent/store/schema.ts";
import { createPostgres, type TestPostgres } from "../../support/postgres.ts";

let postgres: TestPostgres;
let db: Kysely<Database>;

beforeAll(async () => {
  postgres = await createPostgres();
  const pool = openPool(postgres.config, { size: 2, log: createLog({ level: "error" }) });
  db = new Kysely({ dialect: new PostgresDialect({ pool }) });
  await migrate(db);
});
afterAll(async () => {
  await db?.destroy();
  await postgres?.remove();
});

const nextDay = new Date(Date.now() + 86_400_000).toISOString();
const note = (name: string) => sql`insert into migrations values (${name}, ${nextDay})`.execute(db);

test("tables that a newer daemon has only added to are used as they are", async () => {
  await note("9998-more-columns");
  await expect(migrate(db)).resolves.toBeUndefined();
});

test("tables that a newer daemon has changed are refused, with the change named", async () => {
  await note("9999-other-columns-breaking");
  await expect(migrate(db)).rejects.toMatchObject({
    code: "store.too_new",
    message: "A newer daemon has changed the database (9999-other-columns-breaking)",
  });
});

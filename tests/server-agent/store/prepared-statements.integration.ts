import { Kysely, PostgresDialect, sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createLog } from "../../../server-agent/platform/log.ts";
import { openPool } from "../../../server-agent/store/open-store.ts";
import { preparing } from "../../../server-agent/store/prepared-statements.ts";
import { createPostgres, type TestPostgres } from "../../support/postgres.ts";

let postgres: TestPostgres;
let db: Kysely<unknown>;

beforeAll(async () => {
  postgres = await createPostgres();
  const pool = preparing(openPool(postgres.config, { size: 1, log: createLog({ level: "error" }) }));
  db = new Kysely({ dialect: new PostgresDialect({ pool }) });
});
afterAll(async () => {
  await db?.destroy();
  await postgres?.remove();
});

const plusOne = async (value: number): Promise<number> =>
  (await sql<{ sum: number }>`select ${value}::integer + 1 as sum`.execute(db)).rows[0]?.sum ?? Number.NaN;

async function prepared(): Promise<string[]> {
  const { rows } = await sql<{ statement: string }>`select statement from pg_prepared_statements`.execute(db);
  return rows.map(({ statement }) => statement).filter((statement) => statement.includes("+ 1"));
}

test("a statement that comes again is prepared, one that comes once is not", async () => {
  expect(await Promise.all([1, 2].map(plusOne))).toEqual([2, 3]);
  expect(await prepared()).toEqual([]);
  expect(await Promise.all([3, 4, 5].map(plusOne))).toEqual([4, 5, 6]);
  expect(await prepared()).toEqual(["select $1::integer + 1 as sum"]);
});

test("a lost connection loses its statements and nothing else", async () => {
  await postgres.kill("SIGKILL");
  await postgres.start();
  await expect.poll(async () => await plusOne(6).catch(() => null)).toBe(7);
  expect(await Promise.all([7, 8, 9].map(plusOne))).toEqual([8, 9, 10]);
});

test("an error in a prepared statement leaves it usable", async () => {
  await expect(plusOne(2 ** 31 - 1)).rejects.toThrow("integer out of range");
  expect(await plusOne(10)).toBe(11);
});

import { afterAll, beforeAll, expect, test } from "vitest";
import { createLog } from "../../../server-agent/platform/log.ts";
import { openPool } from "../../../server-agent/store/open-store.ts";
import { createPostgres, type TestPostgres } from "../../support/postgres.ts";

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await createPostgres();
});
afterAll(async () => await postgres?.remove());

test("a connection that ends in the middle of a query is a refusal, which DBOS tries again after", async () => {
  const pool = openPool(postgres.config, { size: 1, log: createLog({}) });
  const client = await pool.connect();
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  process.kill(rows[0]?.pid ?? 0, "SIGKILL");
  // The end of the connection must not be seen before the query is written.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  await expect(client.query("select 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  client.release(true);
  await pool.end();
});

test("a socket that is not there while PostgreSQL restarts is a refusal too", async () => {
  const pool = openPool({ ...postgres.config, port: 5433 }, { size: 1, log: createLog({}) });
  await expect(pool.query("select 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await pool.end();
});

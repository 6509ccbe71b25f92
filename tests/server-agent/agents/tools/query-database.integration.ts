import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DaemonConfig } from "../../../../contract/daemon-config.ts";
import { LOCAL_LOGIN, WORKSPACE_DATABASE } from "../../../../contract/workspace-database.ts";
import type { Reach } from "../../../../server-agent/agents/reach.ts";
import { queryDatabaseTool } from "../../../../server-agent/agents/tools/query-database.ts";
import { ensureWorkspaceDatabase } from "../../../../server-agent/store/ensure-workspace-database.ts";
import { createPostgres, query, type TestPostgres } from "../../../support/postgres.ts";
import { until } from "../../../support/start-program.ts";
import { useTool } from "../../../support/use-tool.ts";

let postgres: TestPostgres;
let database: NonNullable<DaemonConfig["workspaceDatabase"]>;

beforeAll(async () => {
  postgres = await createPostgres();
  const { socketDir, port } = postgres.config;
  database = { ...WORKSPACE_DATABASE, socketDir, port, user: LOCAL_LOGIN.name };
  const config = { mode: "local", postgres: postgres.config, workspaceDatabase: database } as DaemonConfig;
  await ensureWorkspaceDatabase(config);
  await ensureWorkspaceDatabase(config);
  await asOwner(
    "create table people (id int, name text); insert into people select n, 'p' || n from generate_series(1, 5000) n",
  );
});
afterAll(async () => await postgres?.remove());

const asOwner = async (sql: string) => await query({ ...postgres.config, database: WORKSPACE_DATABASE.database }, sql);
const ask = async (sql: string, more: object = {}, reach: Reach["database"] = "writes") =>
  await useTool(queryDatabaseTool({ database, reach }), { sql, ...more });
const countPeople = async () => (await asOwner("select count(*)::int as n from people"))[0]?.["n"];

describe("query_database", () => {
  it("gives rows as text with their names, values as PostgreSQL writes them", async () => {
    const sql =
      "select 1 as a, null as b, 'x\ty\nz' as c, array[1,2] as d, timestamp '2026-01-02 03:04' as e, '{\"k\": 1}'::json as f;";
    expect(await ask(sql)).toBe('a\tb\tc\td\te\tf\n1\tNULL\tx\\ty\\nz\t{1,2}\t2026-01-02 03:04:00\t{"k": 1}\n(1 row)');
  });

  it("brings no more rows and characters than are wanted, however many there are", async () => {
    const rows = (await ask("select * from people order by id", { max_rows: 2 })).split("\n");
    expect(rows).toEqual(["id\tname", "1\tp1", "2\tp2", "(2 rows, and there are more)"]);
    const endless = "select repeat('x', 5000) from people a, people b";
    const long = await ask(endless, { max_rows: 1000 });
    expect(long.length).toBeLessThan(102_000);
    expect(long).toMatch(/x{1000}…\n\(\d+ rows, and there are more\)$/);
  });

  it("explains and shows, too", async () => {
    expect(await ask("explain select * from people")).toContain("Seq Scan on people");
    expect(await ask("show server_encoding")).toBe("server_encoding\nUTF8\n(1 row)");
  });

  it.each([
    "insert into people values (0)",
    "delete from people",
    "truncate people",
    "drop table people",
    "create table mine ()",
    "with gone as (delete from people returning id) select count(*) from gone",
    "select * into mine from people",
    "select 1; drop table people",
    "commit; drop table people",
    "set transaction read write",
    "do $$ begin set transaction read write; delete from people; end $$",
    "select set_config('transaction_read_only', 'off', true)",
    "select set_config('role', 'workspace_writer', true), query_to_xml('delete from people returning 1', true, false, '')",
    "select set_config('role', 'ai-infra', true)",
    'set role "ai-infra"',
    "copy people to program 'id'",
    "copy people from program 'id'",
    "select pg_read_file('/etc/passwd')",
    "select lo_import('/etc/passwd')",
    "alter role workspace_agent superuser",
    "grant workspace_writer to workspace_reader",
    "lock table people in access exclusive mode",
  ])("neither writes nor gets more rights by: %s", async (sql) => {
    await ask(sql).catch(() => undefined);
    expect(await countPeople()).toBe(5000);
    const [role] = await asOwner(
      "select bool_or(rolsuper) as super, pg_has_role('workspace_reader', 'workspace_writer', 'member') as writer from pg_roles where rolname like 'workspace%'",
    );
    expect(role).toEqual({ super: false, writer: false });
    expect(await asOwner("select relname from pg_class where relname = 'mine'")).toEqual([]);
  });

  it("writes as the writer only when it is asked to and the agent may", async () => {
    await expect(ask("create table notes (n int)")).rejects.toThrow("read-only transaction");
    await expect(ask("create table notes (n int)", { write: true }, "reads")).rejects.toThrow("may not write");
    expect(await ask("create table notes (n int)", { write: true })).toBe("CREATE");
    expect(await ask("insert into notes values (1), (2)", { write: true })).toBe("INSERT 2");
    expect(await ask("insert into notes values (3) returning n", { write: true })).toBe("n\n3\n(1 row)");
    expect(await ask("select sum(n) from notes")).toBe("sum\n6\n(1 row)");
    expect(await asOwner("select tableowner from pg_tables where tablename = 'notes'")).toEqual([
      { tableowner: "workspace_writer" },
    ]);
    await expect(ask("delete from people", { write: true })).rejects.toThrow("permission denied");
  });

  it("ends a statement that takes too long, and one nobody waits for any more", async () => {
    await expect(ask("select pg_sleep(30)", { timeout_seconds: 1 })).rejects.toThrow("stopped after 1 s");
    const abort = new AbortController();
    const waiting = useTool(
      queryDatabaseTool({ database, reach: "reads" }),
      { sql: "select pg_sleep(100)" },
      abort.signal,
    );
    const sleeping = async () => (await asOwner("select 1 from pg_stat_activity where wait_event = 'PgSleep'")).length;
    await until("it sleeps", async () => (await sleeping()) === 1);
    abort.abort();
    await expect(waiting).rejects.toThrow();
    await until("it was ended", async () => (await sleeping()) === 0);
  });

  it("tells mistakes as PostgreSQL tells them", async () => {
    await expect(ask("select nme from people")).rejects.toThrow('PostgreSQL: column "nme" does not exist');
    await expect(ask("")).rejects.toThrow();
  });

  it("says when there is no database, or none that answers, or none for this agent", async () => {
    const sql = "select 1";
    await expect(useTool(queryDatabaseTool({ database: undefined, reach: "reads" }), { sql })).rejects.toThrow(
      "has no database to query",
    );
    const away = { ...database, port: 1 };
    await expect(useTool(queryDatabaseTool({ database: away, reach: "reads" }), { sql })).rejects.toThrow(
      "cannot be reached",
    );
    await expect(ask(sql, {}, "none")).rejects.toThrow("may not query");
  });
});

import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WORKSPACE_DATABASE } from "../../../contract/workspace-database.ts";
import { query } from "../../support/postgres.ts";
import { createSnapshotTeam, type SnapshotTeam } from "./team-with-workspace.ts";

/** The system's PostgreSQL comes with `pg_dump`; the one of the npm package does not. */
const VERSIONS = "/usr/lib/postgresql";
const [newest] = readdirSync(VERSIONS).sort((one, other) => Number(other) - Number(one));

let team: SnapshotTeam;
const sql = async (text: string) =>
  await query({ ...team.daemon.postgres.config, database: WORKSPACE_DATABASE.database }, text);
const asWriter = async (text: string) => await sql(`set role ${WORKSPACE_DATABASE.writer}; ${text}; reset role`);
const write = (text: string): string => `change the database "${text}"`;

describe("with the programs of PostgreSQL", () => {
  beforeAll(async () => {
    team = await createSnapshotTeam(
      { snapshots: { maxBytes: 3_000_000, maxTotalBytes: 1e9, maxDays: 30 } },
      `${VERSIONS}/${newest}/bin`,
    );
  });
  afterAll(async () => await team?.remove());

  test("a dropped table is back with its rows, its keys, its view and the table that points to it", async () => {
    await asWriter(`create table items (id serial primary key, name text not null unique);
      create table sales (item int references items, amount numeric);
      create view dear as select name, amount from items join sales on item = id where amount > 5;
      insert into items (name) values ('pen'), ('ink'); insert into sales values (1, 9.5), (2, 1)`);
    const task = await team.allow(write("drop table items cascade"), "data");
    expect(task.state).toBe("done");
    expect(await sql("select to_regclass('items') as found, to_regclass('dear') as view")).toEqual([
      { found: null, view: null },
    ]);
    const snapshot = await team.snapshot();
    expect(snapshot).toMatchObject({
      kind: "database",
      agent: "data",
      targets: expect.arrayContaining(["public.items"]),
    });
    await team.restore(snapshot.id);
    expect(await sql("select * from dear")).toEqual([{ name: "pen", amount: "9.5" }]);
    await asWriter("insert into items (name) values ('cap')");
    expect(await sql("select id from items where name = 'cap'")).toEqual([{ id: 3 }]);
    await expect(asWriter("insert into sales values (99, 1)")).rejects.toThrow("foreign key");
  });

  test("rows that were all deleted are back, and a restore that cannot be done changes nothing", async () => {
    await asWriter("create table notes (text text); insert into notes values ('one'), ('two')");
    await team.allow(write("delete from notes"), "data");
    const { id } = await team.snapshot();
    await asWriter(
      "insert into notes values ('later'); create function latest() returns setof notes language sql as 'select * from notes'",
    );
    await expect(team.restore(id)).rejects.toMatchObject({ data: { code: "snapshot.restore_failed" } });
    expect(await sql("select text from notes")).toEqual([{ text: "later" }]);
    await asWriter("drop function latest");
    await team.restore(id);
    expect(await sql("select text from notes order by text")).toEqual([{ text: "one" }, { text: "two" }]);
    const before = (await team.snapshots()).find(({ beforeRestoreOf }) => beforeRestoreOf === id);
    await team.restore(before?.id ?? "");
    expect(await sql("select text from notes")).toEqual([{ text: "later" }]);
  });

  test("what is larger than a snapshot may be is not destroyed", async () => {
    await asWriter("create table large as select repeat(md5(n::text), 20) as text from generate_series(1, 20000) as n");
    const task = await team.allow(write("truncate large"), "data");
    expect(task.result).toMatch(/public\.large holds .* MB, and a snapshot holds at most 3\.0 MB/);
    expect(await sql("select count(*)::int as n from large")).toEqual([{ n: 20_000 }]);
  });
});

describe("without a pg_dump that is new enough", () => {
  beforeAll(async () => {
    team = await createSnapshotTeam();
  });
  afterAll(async () => await team?.remove());

  test("a table is not dropped, and the agent is told what is missing", async () => {
    await asWriter("create table items (id int)");
    const task = await team.allow(write("drop table items"), "data");
    expect(task.result).toContain("There is no pg_dump of PostgreSQL");
    expect(await sql("select to_regclass('items')::text as found")).toEqual([{ found: "items" }]);
  });
});

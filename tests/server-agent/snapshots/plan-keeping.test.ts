import { expect, test } from "vitest";
import type { Destructive } from "../../../contract/approvals.ts";
import { planKeeping } from "../../../server-agent/snapshots/plan-keeping.ts";
import { judged } from "../policy/judging.ts";

const keep = (tool: string, input: unknown, destroys: readonly Destructive[] = []) =>
  planKeeping({ tool, input, destroys }, "/workspace");

/** What has to be kept before a command, as the policy judges it. */
function before(command: string, level: 1 | 2 | 3 = 1) {
  const verdict = judged(command, level);
  if (verdict.verdict !== "ask") throw new Error(`${command}: ${verdict.verdict}`);
  return keep("run_command", { command }, verdict.destructive ? [verdict.destructive] : []);
}

test.each([
  ["rm -rf /workspace/shop", ["/workspace/shop"]],
  ["cd /workspace && rm -rf shop old-site", ["/workspace/old-site", "/workspace/shop"]],
  ["rm -rf /workspace/shop/.git /workspace/shop", ["/workspace/shop"]],
  ["rm -rf /workspace/*", ["/workspace"]],
  ["rm -rf .", ["/workspace"]],
])("keeps the places that a command deletes: %s", (command, places) => {
  expect(before(command)).toEqual({ state: "copy", plan: { kind: "files", places } });
});

test.each([
  ["git reset --hard", ["/workspace"], null],
  ["cd shop && git clean -fdx", ["/workspace/shop"], null],
  ["git -C shop branch -D old", ["/workspace/shop"], null],
  ["git -C shop push --force origin main", ["/workspace/shop"], ["origin"]],
  ["cd shop; git reset --hard", ["/workspace/shop", "/workspace"], null],
  ["cd shop && git push -f", ["/workspace/shop"], []],
])("keeps the repository that git would change: %s", (command, folders, remotes) => {
  expect(before(command)).toEqual({ state: "copy", plan: { kind: "git", folders, remotes } });
});

test.each([
  "rm -rf $(cat which)",
  'rm -rf "$PLACE"',
  "rm -rf /workspace/$PLACE",
  "rm -rf /workspace/@(a|b)",
  "rm -rf /workspace/.[a-z]*",
  "rm -rf /workspace/{a,{b,c}}",
  'rm -rf /workspace/"${PLACE}"/*',
  'cd "$PLACE" && git reset --hard',
  "GIT_DIR=/workspace/b/.git git reset --hard",
])("refuses what is known only when it runs: %s", (command) => {
  expect(before(command)).toMatchObject({
    state: "impossible",
    reason: expect.stringContaining("known only when it runs"),
  });
});

test("keeps the file of a database that sqlite3 changes", () => {
  expect(before('sqlite3 shop/app.db "drop table items"')).toEqual({
    state: "copy",
    plan: { kind: "files", places: ["/workspace/shop/app.db"] },
  });
});

test("keeps a file that is overwritten where its agent may not write by itself", () => {
  expect(keep("write_file", { path: "/var/www/index.html", content: "" })).toEqual({
    state: "copy",
    plan: { kind: "files", places: ["/var/www/index.html"] },
  });
});

const lost: Destructive = { kind: "database", targets: [] };
test.each([
  ["drop table if exists a, shop.b cascade", ["a", "shop.b"]],
  ["TRUNCATE a restart identity", ["a"]],
  ["delete from only a", ["a"]],
  ["update a set x = 1", ["a"]],
  ["with gone as (delete from a returning *), more as (delete from b) select 1", ["a", "b"]],
  ["alter table a drop column x", ["a"]],
  ["drop schema shop cascade", ["shop"]],
  ["drop index by_name", ["by_name"]],
  ["drop function f", []],
  ["drop owned by somebody", []],
  ["drop materialized view v", []],
  ['drop table "Odd Name"', []],
])("keeps what a statement names, else the whole database: %s", (sql, names) => {
  expect(keep("query_database", { sql, write: true }, [lost])).toEqual({
    state: "copy",
    plan: { kind: "database", names },
  });
});

test("leaves to the broker what the broker keeps, and refuses what nobody can keep", () => {
  expect(keep("systemd", { action: "stop", unit: "nginx" }, [{ kind: "service", targets: ["nginx"] }])).toEqual({
    state: "nothing",
  });
  expect(keep("run_command", { command: "docker rm x" }, [{ kind: "container", targets: ["x"] }])).toMatchObject({
    state: "impossible",
  });
  expect(keep("run_command", { command: "dropdb shop" }, [{ kind: "database", targets: ["shop"] }])).toMatchObject({
    state: "impossible",
  });
});

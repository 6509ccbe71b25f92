import { expect, test } from "vitest";
import { describeRootLosses } from "../../../contract/root-losses.ts";
import { rootLosses } from "../../../server-agent/policy/root-losses.ts";
import { answer } from "./judging.ts";

const losses = (argv: readonly string[]) => rootLosses(argv, "/workspace");
const inShell = (command: string) => losses(["sh", "-c", command]);

test.each<[argv: string[], files: string[]]>([
  [["rm", "-rf", "/srv/app"], ["/srv/app"]],
  [
    ["rm", "/etc/motd", "/srv/app/../app/x"],
    ["/etc/motd", "/srv/app/x"],
  ],
  [["rm", "-rf", "/workspace/shop/dist"], ["/workspace/shop/dist"]],
  [["rm", "-rf", "srv/app"], ["/srv/app"]],
  [["sh", "-c", "cd /srv && rm -rf app/*"], ["/srv/app/"]],
  [["rm", "-rf", "/tmp/build"], ["/tmp/build"]],
  [["find", "/srv/app", "-delete"], ["/srv/app"]],
  [["chown", "-R", "www-data", "/srv/app"], ["/srv/app"]],
  [["mv", "/srv/app", "/srv/old"], ["/srv/app"]],
  [["sqlite3", "/srv/app.db", "drop table a"], ["/srv/app.db"]],
])("names the files that %j destroys", (argv, files) => {
  expect(losses(argv)).toMatchObject({ files, repositories: [], databases: [] });
});

test.each<[argv: string[], databases: unknown[]]>([
  [
    ["runuser", "-u", "postgres", "--", "psql", "-d", "shop", "-c", "drop table a, b"],
    [{ name: "shop", tables: ["a", "b"] }],
  ],
  [["sudo", "-u", "postgres", "psql", "shop", "-c", "drop function f"], [{ name: "shop", tables: [] }]],
  [["runuser", "-u", "postgres", "dropdb", "shop"], [{ name: "shop", tables: [] }]],
  [["runuser", "-u", "postgres", "--", "psql", "-c", "drop database if exists shop"], [{ name: "shop", tables: [] }]],
])("names the databases that %j destroys", (argv, databases) => {
  expect(losses(argv)).toEqual({ files: [], overwritten: [], repositories: [], databases, unkept: [] });
});

test("names the repository that git changes", () => {
  expect(losses(["git", "-C", "/workspace/shop", "reset", "--hard"])).toEqual({
    files: [],
    overwritten: [],
    repositories: ["/workspace/shop"],
    databases: [],
    unkept: [],
  });
});

test.each<[argv: string[], unkept: string]>([
  [["sh", "-c", "rm -rf /srv/$APP"], "/srv/$APP"],
  [["sh", "-c", "rm -rf /srv/@(a|b)"], '"/srv/@(a|b)"'],
  [["sh", "-c", "rm -rf /srv/.*"], '"/srv/.*"'],
  [["sh", "-c", "ls /srv | xargs -I% rm -r /srv/%"], '"/srv/%"'],
  [["sh", "-c", "rm -rf ~/app"], "/~/app"],
  [["systemctl", "stop", "app"], "the service app"],
  [["docker", "rm", "-f", "web"], "the container web"],
  [["userdel", "ann"], "ann"],
  [["psql", "-h", "other", "-d", "shop", "-c", "drop table a"], "the database's a"],
  [["runuser", "-u", "postgres", "psql", "-c", "drop table a"], "the database's a"],
  [["runuser", "-u", "postgres", "psql", "-d", "shop", "-c", "drop role ann"], "the database's ann"],
  [["git", "-C", "/workspace/shop", "push", "--force"], "what git replaces elsewhere"],
  [["python3", "/srv/clean.py"], "what else it may change, which is known only when it runs"],
  [["/opt/clean/run"], "what else it may change, which is known only when it runs"],
  [["psql", "-d", "shop", "-f", "/srv/drop.sql"], "what else it may change, which is known only when it runs"],
])("says of what %j destroys that nothing can be kept", (argv, unkept) => {
  expect(losses(argv)).toEqual({ files: [], overwritten: [], repositories: [], databases: [], unkept: [unkept] });
});

test.each([["id"], ["cat", "/etc/motd"], ["ls", "-l", "/srv"], ["systemctl", "start", "app"]])(
  "says nothing of %s %s",
  (...argv) => {
    expect(describeRootLosses(losses(argv))).toBe(null);
  },
);

test("keeps the outermost of what is destroyed, each once", () => {
  expect(inShell("rm -rf /srv/app /srv/app/x /srv/app; rm -rf /srv/lib/* /srv/lib/y")).toMatchObject({
    files: ["/srv/app", "/srv/lib/"],
    unkept: [],
  });
});

test("a person reads before what is kept, and of what nothing can be", () => {
  const asked = (argv: readonly string[]) =>
    answer({ agent: "supervisor", level: 3, tool: "run_as_root", input: { argv, reason: "x" } });
  expect(asked(["sh", "-c", "rm -rf /srv/app /srv/$X"])).toMatchObject({
    verdict: "ask",
    question: expect.stringContaining("kept before it: /srv/app; nothing can be kept of /srv/$X"),
  });
  expect(asked(["python3", "/srv/x.py"])).toMatchObject({
    verdict: "ask",
    question: expect.stringContaining("nothing can be kept of what else it may change"),
  });
});

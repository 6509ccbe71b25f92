import { expect, test } from "vitest";
import { answer } from "./judging.ts";

function verdict(sql: string, level: 1 | 2, { write }: { readonly write: boolean }): string {
  const given = answer({ agent: "data", level, tool: "query_database", input: { sql, write } });
  return given.verdict === "ask" && given.destructive
    ? `ask before a ${given.destructive.kind} is lost`
    : given.verdict;
}

test.each([
  "select * from users where name = 'drop table users'",
  "select 1; select 2",
  "-- drop table users\nselect 1",
  "/* truncate users */ select 1",
  "with recent as (select * from tasks) select count(*) from recent",
  "explain analyze select * from tasks",
  'select "name" from users order by created_at desc limit 10',
  "show server_version",
])("reads unasked: %s", (sql) => {
  expect(verdict(sql, 1, { write: false })).toBe("allow");
});

test.each([
  "insert into users values (1, 'a')",
  "update users set name = 'b' where id = 1",
  "delete from users where id = 1",
  "create table t (id int)",
])("writes unasked at level 2, asked at level 1: %s", (sql) => {
  expect([verdict(sql, 1, { write: true }), verdict(sql, 2, { write: true })]).toEqual(["ask", "allow"]);
});

test("a statement that plainly changes the database is refused, unasked, where it could not", () => {
  expect(answer({ agent: "data", level: 2, tool: "query_database", input: { sql: "drop table users" } })).toEqual({
    verdict: "deny",
    reason: "it changes the database, which needs `write`",
  });
});

test.each([
  "drop table users",
  "DROP  DATABASE app",
  "truncate users, tasks",
  "delete from users",
  "update users set admin = true",
  "delete from users where true",
  "delete from users where 1=1",
  "select 1; drop table users",
  "delete from users using (select 1 as x where true) t",
  "alter table users drop column name",
  "/**/drop/**/table users",
  "with gone as (delete from users returning *) select * from gone",
  'delete from users as "where"',
  "explain analyze delete from users",
])("asks before what cannot be undone: %s", (sql) => {
  expect(verdict(sql, 2, { write: true })).toBe("ask before a database is lost");
});

test.each([
  "select pg_read_file('/etc/passwd')",
  "select lo_export(1, '/tmp/x')",
  "select * from dblink('host=x', 'drop table t') as t(a int)",
  "select query_to_xml('drop table t', true, true, '')",
  "select \"pg_read_file\"('/etc/passwd')",
  "copy users to program 'sh'",
  "do $$ begin execute 'drop table t'; end $$",
  "select $$ ' $$; drop table t; -- '",
  "select 'a\\'; drop table t; --'",
  "select 1 like'\\'; drop table t; --'",
  "select e'\\''; drop table t; --'",
  "select U&\"\\0070g_read_file\"('/etc/passwd')",
  "/* a /* b */ drop table t */ select 1",
  "create function f() returns int as 'select 1' language sql",
  "alter system set archive_command = 'sh'",
  "grant all on users to public",
  "select 'open",
])("does not let it pass unseen: %s", (sql) => {
  expect(verdict(sql, 2, { write: true })).not.toBe("allow");
});

test("gives level 0 no database at all", () => {
  expect(answer({ level: 0, tool: "query_database", input: { sql: "select 1" } }).verdict).toBe("deny");
});

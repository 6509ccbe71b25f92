import { expect, test } from "vitest";
import { readVersion } from "../../../src-main/local/find-postgres.ts";

test("reads the major version of a PostgreSQL program, of Debian and of others", () => {
  expect(readVersion("postgres", "postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)\n")).toBe(15);
  expect(readVersion("initdb", "initdb (PostgreSQL) 18beta2\n")).toBe(18);
});

test("takes no other program for PostgreSQL", () => {
  expect(readVersion("postgres", "postgres 1.0\n")).toBeNull();
  expect(readVersion("initdb", "postgres (PostgreSQL) 15.20\n")).toBeNull();
});

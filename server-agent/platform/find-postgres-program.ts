import { readdir } from "node:fs/promises";
import { runProgram } from "./run-program.ts";

const VERSIONS = "/usr/lib/postgresql";
const PROBE_MS = 10_000;

/** A client program of PostgreSQL that is at least as new as the server; null when there is none. */
export async function findPostgresProgram(name: "pg_dump" | "pg_restore", serverMajor: number): Promise<string | null> {
  const folders = await readdir(VERSIONS).catch(() => []);
  const newestFirst = folders
    .filter((folder) => /^\d+$/.test(folder))
    .sort((one, other) => Number(other) - Number(one));
  for (const program of [...newestFirst.map((folder) => `${VERSIONS}/${folder}/bin/${name}`), name]) {
    const { ok, output } = await runProgram(program, ["--version"], PROBE_MS);
    if (ok && Number(/(\d+)/.exec(output.replace(/^.*PostgreSQL\) /, ""))?.[1]) >= serverMajor) return program;
  }
  return null;
}

import { createReadStream, createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import type { RootLosses } from "../../contract/root-losses.ts";
import { CLOSURE, OF_SCHEMA, RESOLVE } from "../platform/table-closure.ts";
import { runCopy } from "./run-copy.ts";

type KeptDatabase = RootLosses["databases"][number];

export interface FoundDatabase extends KeptDatabase {
  readonly bytes: number;
}

/** PostgreSQL lets its own user in by who it is. */
const AS_POSTGRES = ["runuser", "-u", "postgres", "--"] as const;
const LOCK_MS = 10_000;

/** What names of a database stand for, with all that depends on them; null when there is nothing of it. */
export async function findDatabase({ name, tables }: KeptDatabase): Promise<FoundDatabase | null> {
  if (!(await isThere(name))) return null;
  if (tables.length === 0) {
    const [[bytes = ""] = []] = await query(name, "select pg_database_size(current_database())");
    return { name, tables: [], bytes: Number(bytes) };
  }
  const schemas = tables.filter((table) => table.endsWith(".*")).map((table) => table.slice(0, -2));
  const others = tables.filter((table) => !table.endsWith(".*"));
  const resolved = await query(name, filled(RESOLVE, textArray(others)));
  for (const [at, [relation, schema]] of resolved.entries()) {
    if (relation === "" && schema !== "") schemas.push(others[at] ?? "");
  }
  const relations = resolved.map(([relation = ""]) => relation).filter((relation) => relation !== "");
  const found = await query(name, filled(CLOSURE, `'{${relations.join(",")}}'`));
  const ofSchemas: string[][] = [];
  for (const schema of schemas) ofSchemas.push(...(await query(name, filled(OF_SCHEMA, literal(schema)))));
  const sizes = [...found.map(([, bytes]) => bytes), ...ofSchemas.map(([bytes]) => bytes)];
  const targets = [...found.map(([table = ""]) => table), ...schemas.map((schema) => `${schema}.*`)];
  if (targets.length === 0) return null;
  return { name, tables: targets, bytes: sizes.reduce((sum, bytes) => sum + Number(bytes), 0) };
}

export async function dumpDatabase({ name, tables }: KeptDatabase, file: string): Promise<void> {
  const chosen = tables.map((table) => (table.endsWith(".*") ? `--schema=${table.slice(0, -2)}` : `--table=${table}`));
  const words = ["--format=custom", "--no-password", `--lock-wait-timeout=${LOCK_MS}`, `--dbname=${name}`];
  const stdout = createWriteStream(file, { flags: "wx", mode: 0o600, flush: true });
  await Promise.all([runCopy([...AS_POSTGRES, "pg_dump", ...words, ...chosen], { stdout }), finished(stdout)]);
}

/** In one transaction: all that was kept, or nothing. A database that is not there any more is made again. */
export async function restoreDatabase({ name }: KeptDatabase, file: string): Promise<void> {
  const how = (await isThere(name))
    ? ["--clean", "--if-exists", "--single-transaction", `--dbname=${name}`]
    : ["--create", "--dbname=postgres"];
  const words = ["--no-password", "--exit-on-error", ...how];
  await runCopy([...AS_POSTGRES, "pg_restore", ...words], { stdin: createReadStream(file) });
}

async function isThere(name: string): Promise<boolean> {
  const rows = await query("postgres", `select 1 from pg_database where datname = ${literal(name)}`);
  return rows.length > 0;
}

async function query(database: string, sql: string): Promise<string[][]> {
  const words = ["-XAtq", "--no-password", "--field-separator=\t", "--set=ON_ERROR_STOP=1", `--dbname=${database}`];
  const text = await runCopy([...AS_POSTGRES, "psql", ...words, `--command=${sql}`]);
  return text.split("\n").flatMap((line) => (line === "" ? [] : [line.split("\t")]));
}

function filled(sql: string, value: string): string {
  return sql.replaceAll("$1", () => value);
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function textArray(texts: readonly string[]): string {
  return `array[${texts.map(literal).join(",")}]`;
}

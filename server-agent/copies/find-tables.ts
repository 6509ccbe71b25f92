import type { Client } from "pg";
import { CLOSURE, OF_SCHEMA, RESOLVE } from "../platform/table-closure.ts";

export interface FoundTables {
  /** Names as `pg_dump` and SQL take them, quoted where needed; `<schema>.*`; `*` for the whole database. */
  readonly targets: readonly string[];
  readonly bytes: number;
}

/** What names of a statement stand for; what is not there is left out, since nothing can happen to it. */
export async function findTables(client: Client, names: readonly string[]): Promise<FoundTables> {
  if (names.length === 0 || names.includes("*")) {
    const { rows } = await client.query<{ bytes: number }>(
      "select pg_database_size(current_database())::float8 as bytes",
    );
    return { targets: ["*"], bytes: rows[0]?.bytes ?? 0 };
  }
  const schemas = names.filter((name) => name.endsWith(".*")).map((name) => name.slice(0, -2));
  const others = names.filter((name) => !name.endsWith(".*"));
  const found = await client.query<{ relation: number | null; schema: number | null }>(RESOLVE, [others]);
  for (const [at, { relation, schema }] of found.rows.entries()) {
    if (relation === null && schema !== null) schemas.push(others[at] ?? "");
  }
  const relations = found.rows.flatMap(({ relation }) => relation ?? []);
  const tables = (await client.query<{ name: string; bytes: number }>(CLOSURE, [relations])).rows;
  let bytes = tables.reduce((sum, table) => sum + table.bytes, 0);
  for (const schema of schemas) {
    const sizes = await client.query<{ bytes: number }>(OF_SCHEMA, [schema]);
    bytes += sizes.rows[0]?.bytes ?? 0;
  }
  return { targets: [...tables.map(({ name }) => name), ...schemas.map((schema) => `${schema}.*`)], bytes };
}

import type { Client } from "pg";

export interface FoundTables {
  /** Names as `pg_dump` and SQL take them, quoted where needed; `<schema>.*`; `*` for the whole database. */
  readonly targets: readonly string[];
  readonly bytes: number;
}

const RESOLVE = `
select to_regclass(name)::oid as relation,
  case when name ~ '^(\\w+|"[^"]+")$' then to_regnamespace(name)::oid end as schema
from unnest($1::text[]) as name`;

/**
 * Tables, sequences and views, with all that would be lost or changed with them: the table of an index, children, tables
 * with a foreign key to them, and views of them.
 */
const CLOSURE = `
with recursive hit(oid) as (
  select coalesce((select indrelid from pg_index where indexrelid = given), given) from unnest($1::oid[]) as given
  union
  select found.oid from hit join (
    select confrelid as base, conrelid as oid from pg_constraint where contype = 'f'
    union all select inhparent, inhrelid from pg_inherits
    union all select refobjid, ev_class from pg_depend join pg_rewrite on pg_rewrite.oid = objid
      where classid = 'pg_rewrite'::regclass and refclassid = 'pg_class'::regclass and deptype = 'n'
  ) as found on found.base = hit.oid
)
select distinct format('%I.%I', nspname, relname) as name, pg_total_relation_size(pg_class.oid)::float8 as bytes
from hit join pg_class on pg_class.oid = hit.oid join pg_namespace on pg_namespace.oid = relnamespace
where nspname !~ '^(pg_|information_schema$)' order by 1`;

const OF_SCHEMA = `
select coalesce(sum(pg_total_relation_size(pg_class.oid)), 0)::float8 as bytes
from pg_class join pg_namespace on pg_namespace.oid = relnamespace where pg_namespace.oid = to_regnamespace($1) and relkind in ('r', 'm')`;

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

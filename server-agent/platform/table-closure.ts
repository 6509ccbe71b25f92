/** Statements about the tables of PostgreSQL, with the names or numbers asked for as `$1`. */

/** What names stand for: relations, else schemas. */
export const RESOLVE = `
select to_regclass(name)::oid as relation,
  case when name ~ '^(\\w+|"[^"]+")$' then to_regnamespace(name)::oid end as schema
from unnest($1::text[]) as name`;

/**
 * Tables, sequences and views, with all that would be lost or changed with them: the table of an index, children, tables
 * with a foreign key to them, and views of them.
 */
export const CLOSURE = `
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

export const OF_SCHEMA = `
select coalesce(sum(pg_total_relation_size(pg_class.oid)), 0)::float8 as bytes
from pg_class join pg_namespace on pg_namespace.oid = relnamespace where pg_namespace.oid = to_regnamespace($1) and relkind in ('r', 'm')`;

import { type Kysely, sql } from "kysely";

/**
 * What is found of the memory's files, which stay the truth: all of this can be made anew from them. Core types alone,
 * so that every PostgreSQL will do. `words`: stems, and the words as they stand, for slips of the pen. `bits`: the signs
 * of a vector's numbers; each search reads all of them, so the numbers themselves (float32, little-endian) are kept out
 * of their way. `fed`: the index beside the database has it.
 */
const STATEMENTS = [
  `create table memory_files (path text primary key, bytes bigint not null, modified_ms bigint not null)`,
  `create table memory_pieces (
    id uuid primary key,
    path text not null references memory_files on delete cascade,
    text text not null,
    words tsvector not null generated always as (
      setweight(to_tsvector('english'::regconfig, text), 'B') ||
      setweight(to_tsvector('english'::regconfig, translate(path, '/_-.', '    ')), 'C') ||
      to_tsvector('simple'::regconfig, text)
    ) stored)`,
  `create index memory_pieces_by_path on memory_pieces (path)`,
  `create index memory_pieces_by_word on memory_pieces using gin (words)`,
  `create table memory_vectors (
    id uuid primary key references memory_pieces on delete cascade,
    model text not null,
    fed boolean not null default false,
    bits bit(384) not null,
    vector bytea not null) with (toast_tuple_target = 128)`,
  `alter table memory_vectors alter column vector set storage external`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

import { sql } from "kysely";
import type { Store } from "../store/open-store.ts";

/** A word that nothing has is taken for a slip of the pen when it is at least so long; its first letter is believed. */
const SLIP_FROM = 5;
const MOST_SLIPS = 3;

/**
 * The words of a query as PostgreSQL's `tsquery`, any of which will do, each also as the beginning of a longer one;
 * empty when there are none. What nothing in the memory has is replaced by the words that are nearly it.
 */
export async function wantedWords(store: Store, query: string, signal: AbortSignal): Promise<string> {
  const words = await wordsOf(store, query, signal);
  const known = await knownOf(
    store,
    words.map(({ stem }) => stem),
    signal,
  );
  const wanted: string[] = [];
  for (const { word, stem } of words) {
    if (known.has(stem) || word.length < SLIP_FROM) wanted.push(stem);
    else wanted.push(...(await nearlyThis(store, word, signal)));
  }
  return wanted.map(asQuery).join(" | ");
}

function asQuery(lexeme: string): string {
  return `'${lexeme.replaceAll(/['\\]/g, "")}':*`;
}

interface Word {
  readonly word: string;
  readonly stem: string;
}

/** Without those that say nothing, such as "the". */
async function wordsOf(store: Store, query: string, signal: AbortSignal): Promise<Word[]> {
  const { rows } = await store.read(
    async (db) =>
      await sql<Word>`
        select lexeme word, stem from unnest(to_tsvector('simple', ${query})),
          lateral unnest(ts_lexize('english_stem', lexeme)) stem`.execute(db),
    signal,
  );
  return rows;
}

/** Those that some piece has, at least as its beginning. */
async function knownOf(store: Store, lexemes: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> {
  const { rows } = await store.read(
    async (db) =>
      await sql<{ lexeme: string }>`
        select lexeme from unnest(${lexemes}::text[], ${lexemes.map(asQuery)}::text[]) asked (lexeme, query)
        where exists (select from memory_pieces where words @@ to_tsquery('simple', query))`.execute(db),
    signal,
  );
  return new Set(rows.map(({ lexeme }) => lexeme));
}

async function nearlyThis(store: Store, wanted: string, signal: AbortSignal): Promise<string[]> {
  const { rows } = await store.read(
    async (db) =>
      await sql<{ word: string }>`
        select word from ts_stat('select words from memory_pieces')
        where left(word, 1) = ${wanted.slice(0, 1)} and length(word) between ${wanted.length - 1} and ${wanted.length + 1}
        order by nentry desc limit 20000`.execute(db),
    signal,
  );
  return rows
    .map(({ word }) => word)
    .filter((word) => isNearly(wanted, word))
    .slice(0, MOST_SLIPS);
}

/** One letter more, less, other, or two changed over. */
export function isNearly(one: string, other: string): boolean {
  let start = 0;
  while (start < one.length && one[start] === other[start]) start++;
  const [a, b] = [one.slice(start), other.slice(start)];
  const isSwapped = a.length === b.length && a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2);
  return isSwapped || a.slice(1) === b.slice(1) || a === b.slice(1) || a.slice(1) === b;
}

import { sql } from "kysely";
import { MEMORY_MODEL } from "../../contract/memory-model.ts";
import type { Store } from "../store/open-store.ts";
import { wantedWords } from "./wanted-words.ts";
import type { Near } from "./vector-index.ts";

export interface Found {
  /** Of the file, from the workspace. */
  readonly path: string;
  /** The pieces of it that fit, best first. */
  readonly pieces: readonly string[];
}

/** So many are looked at of each of the two ways to find. */
export const CANDIDATES = 50;
/** Less is chance: sentences about unrelated things lie below it with `minilm-l6-v2`. */
const LEAST_COSINE = 0.25;
/**
 * How little a place further down counts. With 60, as in textbooks, both ways together are worse than the better one of
 * them; 1 to 5 are best.
 */
const RANK_OFFSET = 2;
const PIECES_OF_A_FILE = 2;

/** Ids of pieces that have words of the query, best first. */
export async function findByWords(store: Store, query: string, signal: AbortSignal): Promise<string[]> {
  const words = await wantedWords(store, query, signal);
  if (words === "") return [];
  const { rows } = await store.read(
    async (db) =>
      await sql<{ id: string }>`
        select id from memory_pieces, to_tsquery('simple', ${words}) wanted where words @@ wanted
        order by ts_rank(words, wanted) desc, id limit ${CANDIDATES}`.execute(db),
    signal,
  );
  return rows.map(({ id }) => id);
}

/** Puts the two together by their order, since their scores cannot be compared: ids, best first. */
export function fuse(byWords: readonly string[], byMeaning: readonly Near[]): string[] {
  const near = byMeaning.filter(({ score }) => score >= LEAST_COSINE).map(({ id }) => id);
  const scores = new Map<string, number>();
  for (const ids of [byWords, near]) {
    for (const [place, id] of ids.entries()) scores.set(id, (scores.get(id) ?? 0) + 1 / (place + RANK_OFFSET));
  }
  return [...scores].toSorted((one, other) => other[1] - one[1]).map(([id]) => id);
}

interface Ranked {
  readonly ids: readonly string[];
  /** Of files. */
  readonly limit: number;
}

/** The files of the pieces in their order, at most so many. */
export async function readFound(store: Store, { ids, limit }: Ranked, signal: AbortSignal): Promise<Found[]> {
  const byId = await readPieces(store, ids, signal);
  const files = new Map<string, string[]>();
  for (const id of ids) {
    const piece = byId.get(id);
    if (!piece) continue; // an index may know what is gone
    const pieces = files.get(piece.path);
    if (pieces) pieces.push(piece.text);
    else if (files.size < limit) files.set(piece.path, [piece.text]);
  }
  return [...files].map(([path, pieces]) => ({ path, pieces: pieces.slice(0, PIECES_OF_A_FILE) }));
}

async function readPieces(store: Store, ids: readonly string[], signal: AbortSignal) {
  if (ids.length === 0) return new Map<string, { path: string; text: string }>();
  const rows = await store.read(
    async (db) => await db.selectFrom("memory_pieces").select(["id", "path", "text"]).where("id", "in", ids).execute(),
    signal,
  );
  return new Map(rows.map(({ id, ...piece }) => [id, piece]));
}

/** Whether any piece can be found by its meaning. */
export async function hasVectors(store: Store, signal: AbortSignal): Promise<boolean> {
  const row = await store.read(
    async (db) =>
      await db
        .selectFrom("memory_vectors")
        .select("id")
        .where("model", "=", MEMORY_MODEL.name)
        .limit(1)
        .executeTakeFirst(),
    signal,
  );
  return row !== undefined;
}

export interface Counts {
  readonly files: number;
  readonly pieces: number;
  /** Of these, those with a vector. */
  readonly withVector: number;
}

export async function countMemory(store: Store, signal: AbortSignal): Promise<Counts> {
  const { rows } = await store.read(
    async (db) =>
      await sql<{ files: number; pieces: number; vectors: number }>`
        select (select count(*) from memory_files) files, (select count(*) from memory_pieces) pieces,
          (select count(*) from memory_vectors where model = ${MEMORY_MODEL.name}) vectors`.execute(db),
    signal,
  );
  const { files = 0, pieces = 0, vectors = 0 } = rows[0] ?? {};
  return { files, pieces, withVector: vectors };
}

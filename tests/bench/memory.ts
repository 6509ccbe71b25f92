import { sql } from "kysely";
import { randomUUID } from "node:crypto";
import { MEMORY_MODEL } from "../../contract/memory-model.ts";
import { findByWords } from "../../server-agent/memory/find.ts";
import { createPostgresIndex } from "../../server-agent/memory/postgres-index.ts";
import { cosine, signsOf, toBytes } from "../../server-agent/memory/vectors.ts";
import type { Store } from "../../server-agent/store/open-store.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { createStore } from "../support/test-store.ts";
import { percentile, type Bench } from "./figure.ts";

const PIECES = 100_000;
const AT_ONCE = 2_000;
const QUERIES = 60;
const BEST = 10;
const NEAR_BUDGET_MS = 100;
/** Of pieces with any of four words, more than half of all, each is ranked. */
const WORDS_BUDGET_MS = 250;

const random = seededRandom(384);
const alive = new AbortController().signal;

interface Piece {
  readonly id: string;
  readonly vector: Float32Array;
}

/** How fast and how well pieces are found that are near in meaning, and by their words. */
export const memory: Bench = {
  name: "memory",
  unavailable: () => null,
  run: async () => {
    const database = await createStore();
    const { store } = database;
    try {
      const themes = Array.from({ length: 1_500 }, () => randomVector(1));
      const pieces = Array.from({ length: PIECES }, () => ({ id: randomUUID(), vector: about(themes) }));
      await fill(store, pieces);
      const near = await searchNear(store, pieces, themes);
      const words = await searchWords(store);
      const budget = (value: number) => ({ name: "budget", value });
      const found = { name: "exact search of the same vectors", value: 100 };
      return [
        {
          name: "recall of the 10 nearest",
          value: near.recall * 100,
          unit: "%",
          baseline: found,
          bar: { atLeast: 0.99 },
        },
        {
          name: "near in 100,000 pieces, p95",
          value: near.p95,
          unit: "ms",
          baseline: budget(NEAR_BUDGET_MS),
          bar: { atMost: 1 },
        },
        {
          name: "by words in 100,000 pieces, p95",
          value: words,
          unit: "ms",
          baseline: budget(WORDS_BUDGET_MS),
          bar: { atMost: 1 },
        },
      ] as const;
    } finally {
      await database.remove();
    }
  },
};

/** Numbers fade out along the vector, as the main directions of real ones do. */
function randomVector(size: number): Float32Array {
  return Float32Array.from({ length: MEMORY_MODEL.dimensions }, (_, index) => {
    const bell = random() + random() + random() - 1.5;
    return (size * bell) / Math.sqrt(1 + index / 40);
  });
}

/** Like texts: many about a few things, few about many. */
function about(themes: readonly Float32Array[]): Float32Array {
  const theme = themes[Math.floor(themes.length * random() ** 2)] ?? randomVector(1);
  const own = randomVector(0.75);
  const vector = theme.map((number, index) => number + (own[index] ?? 0));
  const length = Math.sqrt(cosine(vector, vector));
  return vector.map((number) => number / length);
}

/** About as often as words of texts without those that say nothing, such as "the": the first in 1 of 70. */
const WORDS = Array.from({ length: 5_000 }, (_, number) => `word${number.toString(36)}`);

function text(): string {
  return Array.from({ length: 40 }, () => WORDS[Math.floor(WORDS.length * random() ** 2)]).join(" ");
}

async function fill(store: Store, pieces: readonly Piece[]): Promise<void> {
  await store.write(async (db) => await sql`insert into memory_files values ('MEMORY/a.md', 1, 1)`.execute(db));
  for (let from = 0; from < pieces.length; from += AT_ONCE) {
    const some = pieces.slice(from, from + AT_ONCE);
    await store.write(
      async (db) =>
        await sql`
          insert into memory_pieces (id, path, text) select id, 'MEMORY/a.md', text
          from unnest(${some.map(({ id }) => id)}::uuid[], ${some.map(text)}::text[]) given (id, text)`.execute(db),
    );
    await store.write(
      async (db) =>
        await sql`
          insert into memory_vectors (id, model, bits, vector)
          select id, ${MEMORY_MODEL.name}, bits::bit(384), vector from unnest(
            ${some.map(({ id }) => id)}::uuid[], ${some.map(({ vector }) => signsOf(vector))}::text[],
            ${some.map(({ vector }) => toBytes(vector))}::bytea[]) given (id, bits, vector)`.execute(db),
    );
  }
  await store.write(async (db) => await sql`analyze memory_pieces, memory_vectors`.execute(db));
}

async function searchNear(store: Store, pieces: readonly Piece[], themes: readonly Float32Array[]) {
  const index = createPostgresIndex(store);
  const times: number[] = [];
  let hits = 0;
  for (let query = 0; query < QUERIES; query++) {
    const wanted = about(themes);
    const started = performance.now();
    const near = await index.nearest(wanted, BEST, alive);
    times.push(performance.now() - started);
    const exact = new Set(nearestOf(pieces, wanted));
    hits += near.filter(({ id }) => exact.has(id)).length;
  }
  return { recall: hits / (QUERIES * BEST), p95: percentile(times, 0.95) };
}

function nearestOf(pieces: readonly Piece[], wanted: Float32Array): string[] {
  return pieces
    .map(({ id, vector }) => ({ id, score: cosine(wanted, vector) }))
    .toSorted((one, other) => other.score - one.score)
    .slice(0, BEST)
    .map(({ id }) => id);
}

async function searchWords(store: Store): Promise<number> {
  const times: number[] = [];
  for (let query = 0; query < QUERIES; query++) {
    const words = text().split(" ").slice(0, 4).join(" ");
    const started = performance.now();
    await findByWords(store, words, alive);
    times.push(performance.now() - started);
  }
  return percentile(times, 0.95);
}

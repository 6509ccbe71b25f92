import { sql } from "kysely";
import { MEMORY_MODEL } from "../../contract/memory-model.ts";
import type { Store } from "../store/open-store.ts";
import type { VectorIndex } from "./vector-index.ts";
import { cosine, fromBytes, signsOf } from "./vectors.ts";

/** So many are compared exactly, of those whose signs differ in the fewest places. */
const RESCORED = 1_000;

/** Needs no extension. All pieces are looked at: of what is nearest in 100,000 of them, 99.7 % is found. */
export function createPostgresIndex(store: Store): VectorIndex {
  return {
    name: "postgres",
    async nearest(vector, limit, signal) {
      const { rows } = await store.read(
        async (db) =>
          await sql<{ id: string; vector: Buffer }>`
            select id, vector from memory_vectors where model = ${MEMORY_MODEL.name}
            order by bit_count(bits # ${signsOf(vector)}::bit(384)) limit ${Math.max(limit, RESCORED)}`.execute(db),
        signal,
      );
      return rows
        .map((row) => ({ id: row.id, score: cosine(vector, fromBytes(row.vector)) }))
        .toSorted((one, other) => other.score - one.score)
        .slice(0, limit);
    },
  };
}

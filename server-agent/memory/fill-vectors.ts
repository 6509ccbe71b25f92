import { sql } from "kysely";
import { MEMORY_MODEL } from "../../contract/memory-model.ts";
import type { Store } from "../store/open-store.ts";
import type { Embedder } from "./embedder.ts";
import type { FedIndex, Point } from "./vector-index.ts";
import { fromBytes, signsOf, toBytes } from "./vectors.ts";

/** About 2 s of work for the model; what is done is kept, whatever happens then. */
const AT_ONCE = 8;

/** Gives every piece its vector that has none of the present model. */
export async function fillVectors(store: Store, embedder: Embedder, signal: AbortSignal): Promise<void> {
  for (;;) {
    const pieces = await store.read(
      async (db) =>
        await db
          .selectFrom("memory_pieces as piece")
          .leftJoin("memory_vectors as vector", (join) =>
            join.onRef("vector.id", "=", "piece.id").on("vector.model", "=", MEMORY_MODEL.name),
          )
          .select(["piece.id", "piece.text"])
          .where("vector.id", "is", null)
          .limit(AT_ONCE)
          .execute(),
      signal,
    );
    if (pieces.length === 0) return;
    const vectors = await embedder.embed(
      pieces.map(({ text }) => text),
      signal,
    );
    for (const [index, { id }] of pieces.entries()) {
      const vector = vectors[index];
      if (vector?.length !== MEMORY_MODEL.dimensions) throw new Error("The memory's model gave no vector for a text");
      await keepVector(store, { id, vector }, signal);
    }
  }
}

/** Not kept when its piece has gone meanwhile. */
async function keepVector(store: Store, { id, vector }: Point, signal: AbortSignal): Promise<void> {
  const { name: model } = MEMORY_MODEL;
  const [bits, bytes] = [signsOf(vector), toBytes(vector)];
  await store.write(
    async (db) =>
      await sql`
        insert into memory_vectors (id, model, bits, vector)
        select id, ${model}, ${bits}::bit(384), ${bytes} from memory_pieces where id = ${id} for key share
        on conflict (id) do update
        set model = excluded.model, bits = excluded.bits, vector = excluded.vector, fed = false`.execute(db),
    signal,
  );
}

const FED_AT_ONCE = 128;

/** Gives the index what it lacks. */
export async function feedIndex(store: Store, index: FedIndex, signal: AbortSignal): Promise<void> {
  for (;;) {
    const rows = await store.read(
      async (db) =>
        await db
          .selectFrom("memory_vectors")
          .select(["id", "vector"])
          .where("model", "=", MEMORY_MODEL.name)
          .where("fed", "=", false)
          .limit(FED_AT_ONCE)
          .execute(),
      signal,
    );
    if (rows.length === 0) return;
    await index.put(
      rows.map(({ id, vector }) => ({ id, vector: fromBytes(vector) })),
      signal,
    );
    const ids = rows.map(({ id }) => id);
    await noteFed(store, { ids, fed: true }, signal);
  }
}

interface Note {
  readonly ids: readonly string[];
  readonly fed: boolean;
}

async function noteFed(store: Store, { ids, fed }: Note, signal: AbortSignal): Promise<void> {
  if (ids.length === 0) return;
  await store.write(
    async (db) => await db.updateTable("memory_vectors").set({ fed }).where("id", "in", ids).execute(),
    signal,
  );
}

/** Compares the index with the database, which is right: it may have been made anew, or put back from a copy. */
export async function compareIndex(store: Store, index: FedIndex, signal: AbortSignal): Promise<void> {
  const [there, rows] = await Promise.all([
    index.ids(signal),
    store.read(async (db) => await db.selectFrom("memory_vectors").select(["id", "fed"]).execute(), signal),
  ]);
  const known = new Set(rows.map(({ id }) => id));
  const unknown = [...there].filter((id) => !known.has(id));
  if (unknown.length > 0) await index.remove(unknown, signal);
  const lost = rows.filter(({ id, fed }) => fed && !there.has(id)).map(({ id }) => id);
  await noteFed(store, { ids: lost, fed: false }, signal);
}

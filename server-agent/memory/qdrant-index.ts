import { z } from "zod";
import { AppError } from "../../contract/errors.ts";
import { MEMORY_MODEL } from "../../contract/memory-model.ts";
import { createAskQdrant, type AskQdrant, type QdrantPlace } from "./ask-qdrant.ts";
import type { FedIndex, Near, Point } from "./vector-index.ts";

/** Points in one request: half a megabyte. */
const BATCH = 128;
const PAGE = 1_000;
/** After the point: a number of a vector knows no more, and written out as it is it would be almost twice as long. */
const DIGITS = 1e7;
const { dimensions, name: model } = MEMORY_MODEL;
const DISTANCE = "Cosine";

export interface QdrantIndexParts extends QdrantPlace {
  /** One for each model: vectors of two models cannot be compared. */
  readonly collection: string;
}

interface Index {
  readonly ask: AskQdrant;
  readonly collection: string;
}

/**
 * The index in Qdrant. Its collection is made with the first points, also when it got lost: then `ids` tells of none.
 * `nearest` throws without it, as an empty answer would read as nothing that is near.
 */
export function openQdrantIndex({ collection, ...place }: QdrantIndexParts): FedIndex {
  const index: Index = { ask: createAskQdrant(place), collection };
  return {
    name: "qdrant",
    nearest: (vector, limit, signal) => findNearest(index, { vector, limit }, signal),
    ids: (signal) => listIds(index, signal),
    async put(points, signal) {
      if (!(await hasCollection(index, signal))) await makeCollection(index, signal);
      for (const batch of batchesOf(points)) await putBatch(index, batch, signal);
    },
    async remove(ids, signal) {
      for (const batch of batchesOf(ids)) await removeBatch(index, batch, signal);
    },
  };
}

const Done = z.object({ result: z.object({ status: z.literal("completed") }) });
const Made = z.object({ result: z.literal(true) });
const Found = z.object({ result: z.object({ points: z.array(z.object({ id: z.string(), score: z.number() })) }) });
const Page = z.object({
  result: z.object({ points: z.array(z.object({ id: z.string() })), next_page_offset: z.string().nullish() }),
});
/** Both are missing where a point has several vectors. */
const Vectors = z.object({ size: z.number().optional(), distance: z.string().optional() });
const Collection = z.object({ result: z.object({ config: z.object({ params: z.object({ vectors: Vectors }) }) }) });

interface Search {
  readonly vector: Float32Array;
  readonly limit: number;
}

async function findNearest(
  { ask, collection }: Index,
  { vector, limit }: Search,
  signal: AbortSignal,
): Promise<Near[]> {
  const { points } = await ask(
    {
      what: `find what is near in the collection ${collection}`,
      send: (api, init) =>
        api.queryPoints(
          { collection_name: collection, query: rounded(vector), limit, with_payload: false, with_vector: false },
          init,
        ),
      answer: Found,
    },
    signal,
  );
  // In float32 the cosine of a vector with itself may be a little more than 1.
  return points.map(({ id, score }) => ({ id, score: Math.max(-1, Math.min(1, score)) }));
}

async function listIds(index: Index, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  if (!(await hasCollection(index, signal))) return ids;
  let offset: string | null | undefined;
  do {
    const page = await readPage(index, offset, signal);
    for (const { id } of page.points) ids.add(id);
    offset = page.next_page_offset;
  } while (typeof offset === "string");
  return ids;
}

async function readPage(
  { ask, collection }: Index,
  offset: string | null | undefined,
  signal: AbortSignal,
): Promise<z.infer<typeof Page>["result"]> {
  const from = typeof offset === "string" ? { offset } : {};
  return await ask(
    {
      what: `list the points of the collection ${collection}`,
      send: (api, init) =>
        api.scrollPoints(
          { collection_name: collection, limit: PAGE, with_payload: false, with_vector: false, ...from },
          init,
        ),
      answer: Page,
    },
    signal,
  );
}

/** Throws when it is there for other vectors than the model's. */
async function hasCollection({ ask, collection }: Index, signal: AbortSignal): Promise<boolean> {
  const found = await ask<z.infer<typeof Collection>["result"] | null>(
    {
      what: `tell about the collection ${collection}`,
      send: (api, init) => api.getCollection({ collection_name: collection }, init),
      answer: Collection,
      instead: { 404: null },
    },
    signal,
  );
  if (found === null) return false;
  const { size, distance } = found.config.params.vectors;
  if (size === dimensions && distance === DISTANCE) return true;
  const other = size === undefined ? "several vectors a point" : `vectors of ${size} dimensions (${distance})`;
  throw new AppError(
    "app.bad_input",
    `The collection ${collection} in Qdrant has ${other}, and ${model} gives ${dimensions} (${DISTANCE})`,
    { hint: "Delete the collection in Qdrant: it is made anew from the database." },
  );
}

async function makeCollection({ ask, collection }: Index, signal: AbortSignal): Promise<void> {
  const vectors = { size: dimensions, distance: DISTANCE } as const;
  await ask<boolean>(
    {
      what: `make the collection ${collection}`,
      send: (api, init) => api.createCollection({ collection_name: collection, vectors }, init),
      answer: Made,
      // 409: somebody else made it meanwhile.
      instead: { 409: true },
    },
    signal,
  );
}

async function putBatch({ ask, collection }: Index, points: readonly Point[], signal: AbortSignal): Promise<void> {
  const sent = points.map(({ id, vector }) => ({ id, vector: rounded(vector) }));
  await ask(
    {
      what: `store ${points.length} points in the collection ${collection}`,
      send: (api, init) => api.upsertPoints({ collection_name: collection, wait: true, points: sent }, init),
      answer: Done,
    },
    signal,
  );
}

async function removeBatch({ ask, collection }: Index, ids: readonly string[], signal: AbortSignal): Promise<void> {
  await ask<z.infer<typeof Done>["result"]>(
    {
      what: `remove ${ids.length} points from the collection ${collection}`,
      send: (api, init) => api.deletePoints({ collection_name: collection, wait: true, points: [...ids] }, init),
      answer: Done,
      // 404: the whole collection is gone.
      instead: { 404: { status: "completed" } },
    },
    signal,
  );
}

function rounded(vector: Float32Array): number[] {
  return Array.from(vector, (value) => Math.round(value * DIGITS) / DIGITS);
}

function* batchesOf<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += BATCH) yield all.slice(from, from + BATCH);
}

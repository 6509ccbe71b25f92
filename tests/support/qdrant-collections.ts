import type { ContractReply, Operation } from "./openapi-contract.ts";

/** As of strict mode, where `upsert_max_batchsize` is set. */
const MOST_POINTS_IN_UPSERT = 128;

type PointId = string | number;
interface VectorParams {
  readonly size: number;
  readonly distance: string;
}
interface Collection {
  readonly vectors: VectorParams | Readonly<Record<string, VectorParams>>;
  readonly points: Map<PointId, Float32Array>;
}

/** What the operations below read of a body that fits the document. */
interface Body {
  readonly vectors?: Collection["vectors"];
  readonly points?: readonly (PointId | { readonly id: PointId; readonly vector: readonly number[] })[];
  readonly query?: readonly number[];
  readonly limit?: number;
  readonly offset?: PointId;
}

/** What Qdrant does with one vector for each point, compared by cosine. It knows the operations that we use. */
export interface QdrantCollections {
  answer(operation: Operation, body: unknown): ContractReply;
  forgetAll(): void;
}

export function createQdrantCollections(): QdrantCollections {
  const collections = new Map<string, Collection>();
  return {
    forgetAll: () => collections.clear(),
    answer({ name, parameters, query }, body) {
      const asked = { collection: parameters["collection_name"] ?? "", wait: query["wait"] === true };
      try {
        const work = OPERATIONS[name];
        if (work === undefined) throw new Refusal(501, `The stand-in does not know ${name}`);
        return { status: 200, body: { result: work(collections, asked, body as Body), status: "ok", time: 0.001 } };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return { status: error.status, body: { status: { error: error.message }, time: 0.001 } };
      }
    },
  };
}

class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface Asked {
  readonly collection: string;
  readonly wait: boolean;
}
type Work = (collections: Map<string, Collection>, asked: Asked, body: Body) => unknown;

const OPERATIONS: Readonly<Record<string, Work>> = {
  "GET /collections/{collection_name}/exists": (all, { collection }) => ({ exists: all.has(collection) }),

  "GET /collections/{collection_name}": (all, { collection }) => describe(known(all, collection)),

  "PUT /collections/{collection_name}": (all, { collection }, { vectors }) => {
    if (all.has(collection)) throw new Refusal(409, `Wrong input: Collection \`${collection}\` already exists!`);
    all.set(collection, { vectors: vectors ?? {}, points: new Map() });
    return true;
  },

  "PUT /collections/{collection_name}/points": (all, { collection, wait }, { points = [] }) => {
    const { points: stored, vectors } = known(all, collection);
    if (points.length > MOST_POINTS_IN_UPSERT) {
      const excess = `Limit exceeded ${points.length} > ${MOST_POINTS_IN_UPSERT} for "upsert limit"`;
      throw new Refusal(400, `Bad request: ${excess}`);
    }
    const written = points.map((point) => {
      if (typeof point !== "object") throw new Refusal(400, "Format error in JSON body");
      return [canonical(point.id), normalised(point.vector, vectors)] as const;
    });
    for (const [id, vector] of written) stored.set(id, vector);
    return done(wait);
  },

  "POST /collections/{collection_name}/points/delete": (all, { collection, wait }, { points = [] }) => {
    const { points: stored } = known(all, collection);
    for (const id of points) if (typeof id !== "object") stored.delete(canonical(id));
    return done(wait);
  },

  "POST /collections/{collection_name}/points/scroll": (all, { collection }, { limit = 10, offset }) => {
    const ids = [...known(all, collection).points.keys()].sort(inOrder);
    const from = offset === undefined ? 0 : ids.findIndex((id) => inOrder(id, canonical(offset)) >= 0);
    const rest = from === -1 ? [] : ids.slice(from);
    return { points: rest.slice(0, limit).map((id) => ({ id })), next_page_offset: rest[limit] ?? null };
  },

  "POST /collections/{collection_name}/points/query": (all, { collection }, { query, limit = 10 }) => {
    const { points, vectors } = known(all, collection);
    if (!Array.isArray(query)) throw new Refusal(400, "Wrong input: the stand-in finds what is near a vector");
    const wanted = normalised(query, vectors);
    const scored = [...points].map(([id, vector]) => ({ id, version: 0, score: dot(wanted, vector) }));
    return { points: scored.sort((one, other) => other.score - one.score).slice(0, limit) };
  },
};

function known(all: Map<string, Collection>, name: string): Collection {
  const collection = all.get(name);
  if (collection === undefined) throw new Refusal(404, `Not found: Collection \`${name}\` doesn't exist!`);
  return collection;
}

function describe({ vectors, points }: Collection) {
  return {
    status: "green",
    optimizer_status: "ok",
    points_count: points.size,
    indexed_vectors_count: 0,
    segments_count: 2,
    payload_schema: {},
    config: {
      params: { vectors },
      hnsw_config: { m: 16, ef_construct: 100, full_scan_threshold: 10_000 },
      optimizer_config: { default_segment_number: 0, flush_interval_sec: 5 },
    },
  };
}

/** Without `wait` it is only written down that it is to be done. */
function done(wait: boolean) {
  return { operation_id: 0, status: wait ? "completed" : "acknowledged" };
}

function canonical(id: PointId): PointId {
  return typeof id === "string" ? id.toLowerCase() : id;
}

/** Numbers before UUIDs. */
function inOrder(one: PointId, other: PointId): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  if (typeof one === "string" && typeof other === "string") return one < other ? -1 : Number(one > other);
  return typeof one === "number" ? -1 : 1;
}

function normalised(vector: readonly number[], { size }: Collection["vectors"]): Float32Array {
  if (typeof size !== "number") throw new Refusal(400, "Wrong input: Not existing vector name error: ");
  if (vector.length !== size) {
    throw new Refusal(400, `Wrong input: Vector dimension error: expected dim: ${size}, got ${vector.length}`);
  }
  const length = Math.hypot(...vector);
  return Float32Array.from(vector, (value) => (length === 0 ? value : value / length));
}

function dot(one: Float32Array, other: Float32Array): number {
  return Math.fround(one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0));
}

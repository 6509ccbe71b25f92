/** A piece of the memory by its id, a UUID; and its vector of length 1, as `MEMORY_MODEL` says. */
export interface Point {
  readonly id: string;
  readonly vector: Float32Array;
}

/** `score`: the cosine of the angle between the two, -1 to 1. */
export interface Near {
  readonly id: string;
  readonly score: number;
}

/** Finds vectors that are near another. */
export interface VectorIndex {
  readonly name: "postgres" | "qdrant";
  /** Best first. */
  nearest(vector: Float32Array, limit: number, signal: AbortSignal): Promise<Near[]>;
}

/** An index beside the database, which holds the truth: all of it can be made anew from there. */
export interface FedIndex extends VectorIndex {
  /** Of all points it has; none where it was never fed. */
  ids(signal: AbortSignal): Promise<ReadonlySet<string>>;
  /** What has the id already is replaced. */
  put(points: readonly Point[], signal: AbortSignal): Promise<void>;
  /** Ids that are not there are no error. */
  remove(ids: readonly string[], signal: AbortSignal): Promise<void>;
}

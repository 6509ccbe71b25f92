import type { MemoryStatus } from "../../contract/status.ts";
import type { Log } from "../platform/log.ts";
import type { MemoryFolder } from "../platform/memory-folder.ts";
import { pause } from "../platform/wait.ts";
import type { Store } from "../store/open-store.ts";
import type { Embedder } from "./embedder.ts";
import { compareIndex, feedIndex, fillVectors } from "./fill-vectors.ts";
import { CANDIDATES, countMemory, findByWords, type Found, fuse, hasVectors, readFound } from "./find.ts";
import { createPostgresIndex } from "./postgres-index.ts";
import { readFiles } from "./read-files.ts";
import type { FedIndex, Near, VectorIndex } from "./vector-index.ts";

export interface MemoryParts {
  readonly store: Store;
  readonly log: Log;
  readonly folder: Pick<MemoryFolder, "list" | "read">;
  readonly embedder: Embedder;
  /** Null where vectors are found in the database itself. */
  readonly index: FedIndex | null;
  /** How often the files are looked at when nobody searches. */
  readonly everyMs?: number;
}

export interface MemoryFinds {
  readonly found: readonly Found[];
  /** By what: words alone while there is no model, or none of its vectors. */
  readonly by: "words" | "words and meaning";
}

/** Finds what is in the files of the team's memory. */
export interface Memory {
  search(query: string, limit: number, signal: AbortSignal): Promise<MemoryFinds>;
  status(signal: AbortSignal): Promise<MemoryStatus>;
  close(): void;
}

const EVERY_MS = 60_000;

export function openMemory(parts: MemoryParts): Memory {
  const { store, log, embedder } = parts;
  const lifetime = new AbortController();
  const inDatabase = createPostgresIndex(store);
  const upkeep = createUpkeep(parts, lifetime.signal);
  const work = keepUp(upkeep, parts.everyMs ?? EVERY_MS, lifetime.signal);

  const byMeaning = async (query: string, signal: AbortSignal): Promise<Near[] | null> => {
    if (!embedder.isThere() || !(await hasVectors(store, signal))) return null;
    try {
      const [vector] = await embedder.embed([query], signal);
      return vector ? await nearest(vector, signal) : null;
    } catch (error) {
      if (signal.aborted) throw error;
      log.warn("the memory finds by words alone", { error });
      return null;
    }
  };
  const nearest = async (vector: Float32Array, signal: AbortSignal): Promise<Near[]> => {
    const index: VectorIndex = upkeep.index() ?? inDatabase;
    try {
      return await index.nearest(vector, CANDIDATES, signal);
    } catch (error) {
      if (signal.aborted || index === inDatabase) throw error;
      upkeep.distrust(error);
      return await inDatabase.nearest(vector, CANDIDATES, signal);
    }
  };

  return {
    async search(query, limit, signal) {
      if ((await upkeep.read()).added > 0) work.hurry();
      const [byWords, near] = await Promise.all([findByWords(store, query, signal), byMeaning(query, signal)]);
      const found = await readFound(store, { ids: fuse(byWords, near ?? []), limit }, signal);
      return { found, by: near === null ? "words" : "words and meaning" };
    },
    async status(signal) {
      const { files, pieces, withVector } = await countMemory(store, signal);
      const index = upkeep.index() ?? inDatabase;
      return { files, pieces, withVector, hasModel: embedder.isThere(), index: index.name, problem: upkeep.problem() };
    },
    close() {
      lifetime.abort();
      embedder.close();
    },
  };
}

interface Upkeep {
  /** Brings the database in line with the files; one at a time. */
  read(): Promise<{ readonly added: number }>;
  /** Vectors for what has none, and the index what it lacks. */
  fill(): Promise<void>;
  /** When it is as the database is. */
  index(): FedIndex | null;
  distrust(error: unknown): void;
  /** Why the last work at it failed. */
  problem(): string | null;
}

function createUpkeep({ store, log, folder, embedder, index }: MemoryParts, lifetime: AbortSignal): Upkeep {
  let isIndexGood = false;
  let problem: string | null = null;
  let reading: Promise<{ added: number }> | null = null;

  const readOnce = async (): Promise<{ added: number }> => {
    const { removed, added } = await readFiles({ store, folder }, lifetime);
    if (removed.length > 0 && index && isIndexGood) await index.remove(removed, lifetime).catch(distrust);
    return { added };
  };
  const distrust = (error: unknown): void => {
    isIndexGood = false;
    log.warn("the index of the memory is not used until it answers again", { error });
  };
  const feed = async (index: FedIndex): Promise<void> => {
    try {
      if (!isIndexGood) await compareIndex(store, index, lifetime);
      await feedIndex(store, index, lifetime);
      isIndexGood = true;
    } catch (error) {
      isIndexGood = false;
      throw error;
    }
  };
  return {
    read: async () => await (reading ??= readOnce().finally(() => (reading = null))),
    async fill() {
      try {
        if (embedder.isThere()) await fillVectors(store, embedder, lifetime);
        if (index) await feed(index);
        problem = null;
      } catch (error) {
        if (lifetime.aborted) return;
        const why = error instanceof Error ? error.message : String(error);
        if (why !== problem) log.warn("the memory cannot be made ready", { error });
        problem = why;
      }
    },
    index: () => (isIndexGood ? index : null),
    distrust,
    problem: () => problem,
  };
}

/** Looks after the files now and then, so that a search finds vectors there. */
function keepUp(upkeep: Upkeep, everyMs: number, lifetime: AbortSignal): { hurry(): void } {
  let next = new AbortController();
  const work = async (): Promise<void> => {
    while (!lifetime.aborted) {
      next = new AbortController();
      const until = AbortSignal.any([lifetime, next.signal]);
      await upkeep.read().catch(() => undefined); // told by the search that needs it
      await upkeep.fill();
      await pause(everyMs, until);
    }
  };
  void work();
  return { hurry: () => next.abort() };
}

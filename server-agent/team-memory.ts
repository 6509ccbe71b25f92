import type { DaemonConfig } from "../contract/daemon-config.ts";
import { MEMORY_MODEL } from "../contract/memory-model.ts";
import { describeFinds } from "./memory/describe-finds.ts";
import { createEmbedder } from "./memory/embedder.ts";
import { type Memory, openMemory } from "./memory/open-memory.ts";
import { openQdrantIndex } from "./memory/qdrant-index.ts";
import type { Log } from "./platform/log.ts";
import { createMemoryFolder, type MemoryFolder } from "./platform/memory-folder.ts";
import type { Store } from "./store/open-store.ts";

export interface TeamMemory {
  readonly memory: Memory;
  /** Its files. */
  readonly memoryFolder: MemoryFolder;
  /** What an agent reads that searches. */
  readonly searchMemory: (query: string, limit: number, signal?: AbortSignal) => Promise<string>;
  readonly close: () => void;
}

interface TeamMemoryParts {
  readonly config: Pick<DaemonConfig, "workspace" | "memoryModel" | "qdrant">;
  readonly log: Log;
  readonly store: Store;
}

const COLLECTION = `ai-infrastructure-memory-${MEMORY_MODEL.name}`;

/** The team's memory with what this machine has for it. `qdrantKey`: null on one without Qdrant. */
export function openTeamMemory({ config, log, store }: TeamMemoryParts, qdrantKey: string | null): TeamMemory {
  const { workspace, memoryModel, qdrant } = config;
  const memoryFolder = createMemoryFolder(workspace);
  const index =
    qdrant && qdrantKey !== null ? openQdrantIndex({ url: qdrant.url, key: qdrantKey, collection: COLLECTION }) : null;
  const memory = openMemory({ store, log, folder: memoryFolder, embedder: createEmbedder(memoryModel), index });
  return {
    memory,
    memoryFolder,
    searchMemory: async (query, limit, signal = new AbortController().signal) =>
      describeFinds(await memory.search(query, limit, signal)),
    close: () => memory.close(),
  };
}

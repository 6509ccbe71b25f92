import { createHash } from "node:crypto";
import type { KeptFile, MemoryFolder } from "../platform/memory-folder.ts";
import { storableText } from "../store/storable-text.ts";
import type { Store, Tx } from "../store/open-store.ts";
import { cutText } from "./cut-text.ts";

/** The folder of the team's memory, from the workspace. */
export const MEMORY = "MEMORY";
/** Texts for people. What they were made from, as JSONL, is left out. */
const ENDING = ".md";
/** The newest; older ones are still there to read. */
const MAX_FILES = 10_000;
/** Of each file. */
const MAX_BYTES = 64 * 1024;

export interface ReadParts {
  readonly store: Store;
  readonly folder: Pick<MemoryFolder, "list" | "read">;
}

export interface Changes {
  /** Ids of pieces that are no more. */
  readonly removed: readonly string[];
  readonly added: number;
}

/** Brings what is searched in line with the files. Cheap when nothing has changed: files are told by time and size. */
export async function readFiles({ store, folder }: ReadParts, signal: AbortSignal): Promise<Changes> {
  const [present, known] = [await newestFiles(folder), await knownFiles(store, signal)];
  const changes = { removed: [] as string[], added: 0 };
  const gone = [...known.keys()].filter((path) => !present.has(path));
  if (gone.length > 0) changes.removed.push(...(await forget(store, gone, signal)));
  for (const file of present.values()) {
    if (known.get(file.path) === markOf(file)) continue;
    signal.throwIfAborted();
    const text = await folder.read(file.path, MAX_BYTES);
    const { removed, added } = await store.change(async (tx) => await replace(tx, file, text ?? ""), signal);
    changes.removed.push(...removed);
    changes.added += added;
  }
  return changes;
}

async function newestFiles(folder: ReadParts["folder"]): Promise<ReadonlyMap<string, KeptFile>> {
  const found: KeptFile[] = [];
  for await (const file of folder.list(MEMORY, ENDING)) found.push(file);
  const newest = found.sort((one, other) => other.modifiedMs - one.modifiedMs).slice(0, MAX_FILES);
  return new Map(newest.map((file) => [file.path, file]));
}

async function knownFiles(store: Store, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const rows = await store.read(async (db) => await db.selectFrom("memory_files").selectAll().execute(), signal);
  return new Map(rows.map((row) => [row.path, markOf({ bytes: row.bytes, modifiedMs: row.modified_ms })]));
}

function markOf({ bytes, modifiedMs }: Pick<KeptFile, "bytes" | "modifiedMs">): string {
  return `${bytes} ${modifiedMs}`;
}

async function forget(store: Store, paths: readonly string[], signal: AbortSignal): Promise<string[]> {
  return await store.change(async (tx) => {
    const removed = await tx.deleteFrom("memory_pieces").where("path", "in", paths).returning("id").execute();
    await tx.deleteFrom("memory_files").where("path", "in", paths).execute();
    return removed.map(({ id }) => id);
  }, signal);
}

/** A piece that is still there keeps its vector. */
async function replace(tx: Tx, file: KeptFile, text: string): Promise<Changes> {
  const { path, bytes, modifiedMs: modified_ms } = file;
  const pieces = new Map(cutText(storableText(text)).map((piece) => [pieceId(path, piece), piece]));
  await tx
    .insertInto("memory_files")
    .values({ path, bytes, modified_ms })
    .onConflict((conflict) => conflict.column("path").doUpdateSet({ bytes, modified_ms }))
    .execute();
  const present = await tx.selectFrom("memory_pieces").select("id").where("path", "=", path).execute();
  const removed = present.map(({ id }) => id).filter((id) => !pieces.has(id));
  if (removed.length > 0) await tx.deleteFrom("memory_pieces").where("id", "in", removed).execute();
  const kept = new Set(present.map(({ id }) => id));
  const added = [...pieces].filter(([id]) => !kept.has(id));
  if (added.length > 0) {
    await tx
      .insertInto("memory_pieces")
      .values(added.map(([id, piece]) => ({ id, path, text: piece })))
      .execute();
  }
  return { removed, added: added.length };
}

/** A UUID, as an index wants it: the same words in the same file are the same piece. */
function pieceId(path: string, text: string): string {
  const hash = createHash("sha256").update(`${path}\n${text}`).digest("hex");
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join("-");
}

import { constants } from "node:fs";
import { lstat, open, readdir, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { throughHandle } from "./open-place.ts";

export interface FoundFile {
  readonly path: string;
  readonly modifiedMs: number;
}

/** Never worth looking through. */
export const SKIPPED_FOLDERS: readonly string[] = [".git", "node_modules"];

const MAX_DEPTH = 60;
const MAX_ENTRIES = 200_000;
const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** All files below an open folder, which is closed at the end. Links are left out; what may not be opened too. */
export async function* walkFolder(top: FileHandle, prefix: string, signal: AbortSignal): AsyncGenerator<FoundFile> {
  let left = MAX_ENTRIES;
  async function* walk(folder: FileHandle, place: string, depth: number): AsyncGenerator<FoundFile> {
    try {
      for (const entry of await readdir(throughHandle(folder), { withFileTypes: true })) {
        signal.throwIfAborted();
        if ((left -= 1) < 0) return;
        const name = path.join(place, entry.name);
        if (entry.isFile()) yield { path: name, modifiedMs: await modifiedMs(folder, entry.name) };
        if (!entry.isDirectory() || SKIPPED_FOLDERS.includes(entry.name) || depth >= MAX_DEPTH) continue;
        // Below the handle and without following a link: it cannot lead elsewhere.
        const child = await open(throughHandle(folder, entry.name), FOLDER).catch(() => null);
        if (child) yield* walk(child, name, depth + 1);
      }
    } finally {
      await folder.close();
    }
  }
  yield* walk(top, prefix, 0);
}

async function modifiedMs(folder: FileHandle, name: string): Promise<number> {
  const found = await lstat(throughHandle(folder, name)).catch(() => null);
  return found?.mtimeMs ?? 0;
}

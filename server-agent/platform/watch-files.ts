import { type FSWatcher, watch } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";

const SETTLE_MS = 50;
const POLL_MS = 2_000;

/**
 * Calls `onChange` after any of the files was written, replaced, made or removed since this resolved, with its folder or
 * without. The system's notices make it quick; looking every two seconds makes it sure. Resolves with how to stop.
 */
export async function watchFiles(files: readonly string[], onChange: () => void): Promise<() => void> {
  const watchers = new Map<string, FSWatcher>();
  let last = await signature(files);
  let settling: NodeJS.Timeout | undefined;
  let isStopped = false;
  const look = async (): Promise<void> => {
    const state = await signature(files);
    if (isStopped) return;
    const isChanged = state !== last;
    last = state;
    if (isChanged) onChange();
  };
  const lookSoon = (): void => {
    clearTimeout(settling);
    settling = setTimeout(() => void look(), SETTLE_MS);
  };
  const watchFolders = (): void => {
    for (const folder of new Set(files.map((file) => path.dirname(file)))) {
      if (!watchers.has(folder)) watchFolder(watchers, folder, lookSoon);
    }
  };
  const poll = setInterval(() => {
    watchFolders();
    void look();
  }, POLL_MS);
  watchFolders();
  return () => {
    isStopped = true;
    clearInterval(poll);
    clearTimeout(settling);
    for (const watcher of watchers.values()) watcher.close();
  };
}

function watchFolder(watchers: Map<string, FSWatcher>, folder: string, onNotice: () => void): void {
  try {
    const watcher = watch(folder, onNotice);
    watcher.on("error", () => {
      watcher.close();
      watchers.delete(folder);
    });
    watchers.set(folder, watcher);
  } catch {
    // Not there yet, or no notices to be had: looking every two seconds remains.
  }
}

async function signature(files: readonly string[]): Promise<string> {
  const parts = files.map(async (file) => {
    const found = await stat(file, { bigint: true }).catch(() => null);
    return found ? `${found.ino}:${found.size}:${found.mtimeNs}:${found.ctimeNs}` : "none";
  });
  return (await Promise.all(parts)).join(" ");
}

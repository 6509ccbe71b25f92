import { randomBytes } from "node:crypto";
import { chmod, lstat, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { SNAPSHOT_LIMITS } from "../../contract/daemon-config.ts";
import { AppError } from "../../contract/errors.ts";
import { KEPT_ROOT_SNAPSHOTS, RootSnapshot } from "../../contract/root-snapshots.ts";
import type { Kept } from "../../contract/root-snapshots.ts";

/** What was kept before actions, one folder each. The parent folder is root's alone. */
export interface Snapshots {
  /** `fill` says what is kept, and may put files into the folder. When it throws or has nothing to keep, nothing stays. */
  take(about: Pick<RootSnapshot, "agent" | "action" | "of">, fill: Fill): Promise<RootSnapshot | null>;
  /** Writes down what became known only after the action. */
  update(snapshot: RootSnapshot, kept: Kept): Promise<void>;
  /** Newest first. */
  list(): Promise<RootSnapshot[]>;
  read(id: string): Promise<RootSnapshot>;
  folderOf(id: string): string;
}

type Fill = (folder: string) => Promise<Kept | null>;

const ABOUT = "snapshot.json";
/** In which `lstat` counts what a file takes on the disk. */
const BLOCK_BYTES = 512;

export function openSnapshots(
  root: string,
  now: () => Date = () => new Date(),
  maxTotalBytes: number = SNAPSHOT_LIMITS.maxTotalBytes,
): Snapshots {
  const folderOf = (id: string): string => path.join(root, id);
  const write = async (snapshot: RootSnapshot): Promise<void> => {
    const file = path.join(folderOf(snapshot.id), ABOUT);
    await writeFile(`${file}.new`, `${JSON.stringify(snapshot, null, 2)}\n`, { mode: 0o600, flush: true });
    await rename(`${file}.new`, file);
  };
  const read = async (id: string): Promise<RootSnapshot> => {
    const text = await readFile(path.join(folderOf(id), ABOUT), "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
      throw new AppError("app.not_found", `There is no snapshot ${id}`);
    });
    return RootSnapshot.parse(JSON.parse(text));
  };
  return {
    folderOf,
    read,
    update: async (snapshot, kept) => await write({ ...snapshot, kept }),
    async take(about, fill) {
      const at = now();
      const id = newId(at);
      await mkdir(root, { recursive: true, mode: 0o700 });
      await mkdir(folderOf(id), { mode: 0o700 });
      await chmod(folderOf(id), 0o700);
      try {
        const kept = await fill(folderOf(id));
        const snapshot = kept && { id, at: at.toISOString(), ...about, kept };
        if (snapshot) await write(snapshot);
        else await remove(folderOf(id));
        await removeOldest(root, maxTotalBytes);
        return snapshot;
      } catch (error) {
        await remove(folderOf(id));
        throw error;
      }
    },
    list: async () => await readAll(await idsIn(root), read),
  };
}

async function readAll(ids: readonly string[], read: Snapshots["read"]): Promise<RootSnapshot[]> {
  const found: RootSnapshot[] = [];
  for (const id of ids) {
    // One whose folder is still being filled has no description yet.
    const snapshot = await read(id).catch((error: unknown) => {
      if (error instanceof AppError) return null;
      throw error;
    });
    if (snapshot) found.push(snapshot);
  }
  return found;
}

async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** Sorts by time. */
function newId(at: Date): string {
  const stamp = at.toISOString().replace(/[-:]/g, "").slice(0, 15);
  return `${stamp}-${randomBytes(4).toString("hex")}`;
}

/** Newest first. */
async function idsIn(root: string): Promise<string[]> {
  const names = await readdir(root).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return names.sort((one, other) => (one < other ? 1 : -1));
}

/** Of too many, or too many bytes. The newest stays however large it is. */
async function removeOldest(root: string, maxTotalBytes: number): Promise<void> {
  let total = 0;
  for (const [at, id] of (await idsIn(root)).entries()) {
    const folder = path.join(root, id);
    total += await bytesIn(folder);
    if (at > 0 && (at >= KEPT_ROOT_SNAPSHOTS || total > maxTotalBytes)) await remove(folder);
  }
}

async function bytesIn(folder: string): Promise<number> {
  const sizes = (await readdir(folder)).map(
    async (name) => (await lstat(path.join(folder, name))).blocks * BLOCK_BYTES,
  );
  return (await Promise.all(sizes)).reduce((sum, bytes) => sum + bytes, 0);
}

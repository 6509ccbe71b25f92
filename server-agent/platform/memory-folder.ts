import { constants } from "node:fs";
import { type FileHandle, lstat, mkdir, open, readdir, rename } from "node:fs/promises";
import path from "node:path";
import { writeWhole } from "./write-whole.ts";

/**
 * Files below a folder in which agents write too. A link on the way is an error, never followed: folders are opened one
 * below the other and addressed through their open handles, so that swapping one changes nothing.
 */
export interface MemoryFolder {
  /** Whole or not at all. */
  write(file: string, text: string): Promise<void>;
  /** Puts those lines at the end whose id no line of the file has. */
  append(file: string, lines: readonly MemoryLine[]): Promise<void>;
  /** Nothing happens when `from` is not there. */
  move(from: string, to: string): Promise<void>;
  /** Files below a folder whose name ends so, however deep; what cannot be opened is left out. */
  list(folder: string, ending: string): AsyncIterable<KeptFile>;
  /** At most so many bytes from the start; null when it is gone, no file, or not to be read. */
  read(file: string, maxBytes: number): Promise<string | null>;
}

export interface KeptFile {
  /** From the root. */
  readonly path: string;
  readonly bytes: number;
  readonly modifiedMs: number;
}

/** A line of JSONL. */
export interface MemoryLine {
  readonly id: string;
  readonly [field: string]: unknown;
}

export function createMemoryFolder(root: string): MemoryFolder {
  return {
    write: async (file, text) =>
      await inFolder(
        root,
        path.dirname(file),
        async (folder) => await writeWhole(`${folder}/${path.basename(file)}`, text, WRITTEN_MODE),
      ),
    append: async (file, lines) =>
      await inFolder(
        root,
        path.dirname(file),
        async (folder) => await appendNew(`${folder}/${path.basename(file)}`, lines),
      ),
    move: async (from, to) =>
      await inFolder(root, path.dirname(from), async (source) => {
        await inFolder(root, path.dirname(to), async (target) => {
          const moved = rename(`${source}/${path.basename(from)}`, `${target}/${path.basename(to)}`);
          await moved.catch((error: unknown) => {
            if (!hasCode(error, "ENOENT")) throw error;
          });
        });
      }),
    list: (folder, ending) => listBelow(root, { folder, ending, depth: 0 }),
    read: async (file, maxBytes) =>
      await inPresent(
        root,
        path.dirname(file),
        async (folder) => await readStart(`${folder}/${path.basename(file)}`, maxBytes),
      ),
  };
}

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** Makes the folder when needed; `work` gets its path through the open handle. */
async function inFolder<T>(root: string, folder: string, work: (place: string) => Promise<T>): Promise<T> {
  const prepare = async (place: string): Promise<void> => {
    await mkdir(place).catch((error: unknown) => {
      if (!hasCode(error, "EEXIST")) throw error;
    });
  };
  return await throughFolders({ root, folder, prepare }, work);
}

/** The same for a folder that is there; null when it is not, or is a link. */
async function inPresent<T>(root: string, folder: string, work: (place: string) => Promise<T>): Promise<T | null> {
  try {
    return await throughFolders({ root, folder }, work);
  } catch (error) {
    if (isUnreadable(error)) return null;
    throw error;
  }
}

interface Way {
  readonly root: string;
  readonly folder: string;
  /** Called before each folder is opened. */
  readonly prepare?: (place: string) => Promise<void>;
}

async function throughFolders<T>({ root, folder, prepare }: Way, work: (place: string) => Promise<T>): Promise<T> {
  const opened: FileHandle[] = [await open(root, constants.O_RDONLY | constants.O_DIRECTORY)];
  try {
    for (const name of folder.split("/").filter((part) => part !== "" && part !== ".")) {
      if (name === "..") throw new Error(`${folder} leads out of the memory`);
      const place = `${through(opened.at(-1))}/${name}`;
      await prepare?.(place);
      opened.push(await open(place, FOLDER));
    }
    return await work(through(opened.at(-1)));
  } finally {
    for (const handle of opened) await handle.close();
  }
}

/** Deeper ones are no memory, but somebody's attempt to keep us busy. */
const MAX_DEPTH = 12;

interface Listed {
  readonly folder: string;
  readonly ending: string;
  readonly depth: number;
}

async function* listBelow(root: string, { folder, ending, depth }: Listed): AsyncGenerator<KeptFile> {
  const found = await inPresent(root, folder, async (place) => {
    const entries = await readdir(place, { withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(ending));
    return {
      folders: entries.filter((entry) => entry.isDirectory()).map(({ name }) => `${folder}/${name}`),
      files: await Promise.all(files.map(async ({ name }) => await sizeUp(`${place}/${name}`, `${folder}/${name}`))),
    };
  });
  for (const file of found?.files ?? []) if (file) yield file;
  if (depth === MAX_DEPTH) return;
  for (const below of found?.folders ?? []) yield* listBelow(root, { folder: below, ending, depth: depth + 1 });
}

async function sizeUp(place: string, name: string): Promise<KeptFile | null> {
  try {
    const { size, mtimeMs } = await lstat(place);
    return { path: name, bytes: size, modifiedMs: Math.floor(mtimeMs) };
  } catch (error) {
    if (isUnreadable(error)) return null; // gone meanwhile
    throw error;
  }
}

/** Somebody may have put a pipe there, which would be waited for. */
async function readStart(place: string, maxBytes: number): Promise<string | null> {
  const handle = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!(await handle.stat()).isFile()) return null;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(maxBytes), 0, maxBytes, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}

function isUnreadable(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR", "ELOOP", "EACCES", "ENXIO"].some((code) => hasCode(error, code));
}

function through(handle: FileHandle | undefined): string {
  if (!handle) throw new Error("No folder is open");
  return `/proc/self/fd/${handle.fd}`;
}

const WRITTEN_MODE = 0o664;

async function appendNew(place: string, lines: readonly MemoryLine[]): Promise<void> {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW;
  const handle = await open(place, flags, WRITTEN_MODE);
  try {
    const before = await handle.readFile("utf8");
    const known = new Set(before.split("\n").map(idOf));
    const added = lines.filter(({ id }) => !known.has(id)).map((line) => `${JSON.stringify(line)}\n`);
    if (added.length === 0) return;
    // A line that was cut off by a loss of power must not swallow the next one.
    const start = before === "" || before.endsWith("\n") ? "" : "\n";
    await handle.writeFile(start + added.join(""));
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function idOf(line: string): unknown {
  try {
    return (JSON.parse(line) as { id?: unknown } | null)?.id;
  } catch {
    return undefined;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === code;
}

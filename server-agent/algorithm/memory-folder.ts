import { constants } from "node:fs";
import { type FileHandle, mkdir, open, rename } from "node:fs/promises";
import path from "node:path";
import { writeWhole } from "../platform/write-whole.ts";

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
  };
}

/** Makes the folder when needed; `work` gets its path through the open handle. */
async function inFolder<T>(root: string, folder: string, work: (place: string) => Promise<T>): Promise<T> {
  const opened: FileHandle[] = [await open(root, constants.O_RDONLY | constants.O_DIRECTORY)];
  try {
    for (const name of folder.split("/").filter((part) => part !== "" && part !== ".")) {
      if (name === "..") throw new Error(`${folder} leads out of the memory`);
      const place = `${through(opened.at(-1))}/${name}`;
      await mkdir(place).catch((error: unknown) => {
        if (!hasCode(error, "EEXIST")) throw error;
      });
      opened.push(await open(place, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW));
    }
    return await work(through(opened.at(-1)));
  } finally {
    for (const handle of opened) await handle.close();
  }
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

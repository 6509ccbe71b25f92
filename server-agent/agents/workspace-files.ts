import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { open, readdir, rename, rm, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { AppError } from "../../contract/errors.ts";
import {
  explained,
  type Located,
  locate,
  makeFolders,
  openFile,
  openFolder,
  openFolderOf,
  type Place,
  throughHandle,
} from "./open-place.ts";
import { type LineRange, readText, readWhole, versionOf } from "./read-text.ts";
import { type FoundFile, walkFolder } from "./walk-folder.ts";

const MAX_WRITE_BYTES = 4 * 1024 * 1024;
const MAX_LISTED = 500;

/**
 * Files below the workspace and below some other folders. Paths that lead out, by `..` or by a symbolic link, are
 * refused, and so is what is sealed; swapping a folder for a link while it is used changes nothing. Of the workspace only
 * `own` is written, and relative paths are relative to it.
 */
export interface WorkspaceFiles {
  read(file: string, range?: LineRange): Promise<string>;
  write(file: string, text: string): Promise<void>;
  /** Refused when somebody else changed the file meanwhile. */
  edit(file: string, change: (text: string) => string): Promise<void>;
  /** One line for each entry, folders with a slash. */
  list(folder: string): Promise<string>;
  /** The files below a folder with their paths as they can be read again. Links are not followed. */
  walk(folder: string, signal: AbortSignal): AsyncIterable<FoundFile>;
  /** The real path of a folder that may be read. */
  resolve(folder: string): Promise<string>;
  /** The same, of the workspace only. */
  resolveInWorkspace(folder: string): Promise<string>;
}

/** Folders besides the workspace. */
export interface OtherFolders {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

const NO_OTHERS: OtherFolders = { reads: [], writes: [] };

export function createWorkspaceFiles(
  workspace: string,
  { reads, writes }: OtherFolders = NO_OTHERS,
  own = workspace,
): WorkspaceFiles {
  const toRead = (file: string): Located => locate([own, workspace, ...reads, ...writes], file);
  const toWrite = (file: string): Located => locate([own, ...writes], file);
  return {
    read: async (file, range = {}) =>
      await inFolderOf(toRead(file), file, async (place) => await readText(place, file, range)),
    async write(file, text) {
      refuseTooLarge(file, text);
      const { root, inside } = toWrite(file);
      await makeFolders({ root, inside: path.dirname(inside) }, file);
      await inFolderOf({ root, inside }, file, async (place) => await writeText(place, file, { text }));
    },
    edit: async (file, change) =>
      await inFolderOf(toWrite(file), file, async (place) => {
        const { text, version } = await readWhole(place, file);
        const changed = change(text);
        refuseTooLarge(file, changed);
        await writeText(place, file, { text: changed, replaces: version });
      }),
    list: async (folder) => await inOpenFolder(toRead(folder), folder, async (handle) => await listFolder(handle)),
    async *walk(folder, signal) {
      const { root, inside } = toRead(folder);
      const handle = await openFolder({ root, inside }, folder);
      const prefix = root === own ? inside : path.join(root, inside);
      yield* walkFolder(handle, prefix, signal);
    },
    resolve: async (folder) => await realPath(toRead(folder), folder),
    resolveInWorkspace: async (folder) => await realPath(locate([own, workspace], folder), folder),
  };
}

async function realPath(located: Located, folder: string): Promise<string> {
  return await inOpenFolder(located, folder, async (handle) => {
    await handle.stat();
    return path.join(located.root, located.inside);
  });
}

async function inFolderOf<T>(located: Located, file: string, work: (place: Place) => Promise<T>): Promise<T> {
  const place = await openFolderOf(located, file);
  try {
    return await work(place);
  } finally {
    await place.folder.close();
  }
}

async function inOpenFolder<T>(located: Located, folder: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await openFolder(located, folder);
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

interface NewText {
  readonly text: string;
  /** The version of the file this text was made from. */
  readonly replaces?: string;
}

/** Whole or not at all: readers see the old text or the new one. The file keeps its rights. */
async function writeText(place: Place, file: string, { text, replaces }: NewText): Promise<void> {
  const before = await stateBefore(place, file);
  if (replaces !== undefined && before?.version !== replaces) {
    throw new AppError("app.bad_input", `${file} was changed by somebody else meanwhile`, {
      hint: "Read it again before you change it.",
    });
  }
  const temporary = { folder: place.folder, name: `.${randomUUID()}.new` };
  const handle = await openFile(temporary, file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL);
  try {
    await handle.writeFile(text);
    if (before) await handle.chmod(before.mode);
    await rename(throughHandle(temporary.folder, temporary.name), throughHandle(place.folder, place.name));
  } catch (error) {
    await rm(throughHandle(temporary.folder, temporary.name), { force: true });
    throw explained(error, file);
  } finally {
    await handle.close();
  }
}

/** Of the file that is there and may be written; null when there is none. */
async function stateBefore(place: Place, file: string): Promise<{ mode: number; version: string } | null> {
  try {
    const flags = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
    const before = await open(throughHandle(place.folder, place.name), flags);
    try {
      const stat = await before.stat();
      if (!stat.isFile()) throw new AppError("app.bad_input", `${file} is not a file`);
      return { mode: stat.mode & 0o777, version: await versionOf(before) };
    } finally {
      await before.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw explained(error, file);
  }
}

async function listFolder(folder: FileHandle): Promise<string> {
  const found = await readdir(throughHandle(folder), { withFileTypes: true });
  const entries = found.sort((a, b) => a.name.localeCompare(b.name));
  const lines = entries.slice(0, MAX_LISTED).map((entry) => {
    if (entry.isDirectory()) return `${entry.name}/`;
    return entry.isSymbolicLink() ? `${entry.name} (link)` : entry.name;
  });
  if (entries.length > MAX_LISTED) lines.push(`… ${entries.length - MAX_LISTED} more`);
  return lines.length === 0 ? "(empty)" : lines.join("\n");
}

function refuseTooLarge(file: string, text: string): void {
  if (Buffer.byteLength(text) > MAX_WRITE_BYTES) throw new AppError("app.bad_input", `${file} would be over 4 MB`);
}

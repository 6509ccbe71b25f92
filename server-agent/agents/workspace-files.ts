import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, readdir, realpath, rename, rm, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { AppError } from "../../contract/errors.ts";

const MAX_READ_BYTES = 256 * 1024;
const MAX_WRITE_BYTES = 4 * 1024 * 1024;
const MAX_LISTED = 500;

/**
 * Files below one folder. Paths that lead out of it, by `..` or by a symbolic link, are refused. The folder of a file
 * is resolved, checked and then addressed through its open handle, so that swapping it afterwards changes nothing.
 */
export interface WorkspaceFiles {
  read(file: string): Promise<string>;
  write(file: string, text: string): Promise<void>;
  /** One line for each entry, folders with a slash. */
  list(folder: string): Promise<string>;
}

export function createWorkspaceFiles(workspace: string): WorkspaceFiles {
  return {
    async read(file) {
      const place = await openFolderOf(workspace, file);
      try {
        return await readText(inFolder(place), file);
      } finally {
        await place.folder.close();
      }
    },
    async write(file, text) {
      if (Buffer.byteLength(text) > MAX_WRITE_BYTES) throw new AppError("app.bad_input", `${file} would be over 4 MB`);
      await makeFolders(workspace, path.dirname(relative(workspace, file)));
      const place = await openFolderOf(workspace, file);
      try {
        await writeText(place, file, text);
      } finally {
        await place.folder.close();
      }
    },
    async list(folder) {
      const handle = await openFolder(workspace, folder);
      try {
        return await listFolder(`/proc/self/fd/${handle.fd}`);
      } finally {
        await handle.close();
      }
    },
  };
}

interface Place {
  readonly folder: FileHandle;
  readonly name: string;
}

async function openFolderOf(workspace: string, file: string): Promise<Place> {
  const inside = relative(workspace, file);
  const name = path.basename(inside);
  if (inside === "" || name === "") throw new AppError("app.bad_input", `${file} is a folder, not a file`);
  return { folder: await openFolder(workspace, path.dirname(inside)), name };
}

/** Opens a folder and then checks where the opened one really is. */
async function openFolder(workspace: string, folder: string): Promise<FileHandle> {
  const wanted = path.join(workspace, relative(workspace, folder));
  const handle = await open(wanted, constants.O_RDONLY | constants.O_DIRECTORY).catch((error: unknown) => {
    throw explained(error, folder);
  });
  try {
    const root = await realpath(workspace);
    const real = await realpath(`/proc/self/fd/${handle.fd}`);
    if (real !== root && !real.startsWith(root + path.sep)) throw outside(folder);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Through the handle: the kernel follows it to the very folder that was checked. */
function inFolder({ folder, name }: Place): string {
  return `/proc/self/fd/${folder.fd}/${name}`;
}

async function makeFolders(workspace: string, folder: string): Promise<void> {
  let made = ".";
  for (const name of folder.split(path.sep)) {
    const parent = await openFolder(workspace, made);
    try {
      await mkdir(`/proc/self/fd/${parent.fd}/${name}`).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw explained(error, folder);
      });
    } finally {
      await parent.close();
    }
    made = path.join(made, name);
  }
}

async function readText(place: string, file: string): Promise<string> {
  const handle = await openFile(place, file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new AppError("app.bad_input", `${file} is not a file`);
    const buffer = Buffer.alloc(Math.min(stat.size, MAX_READ_BYTES));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    const bytes = buffer.subarray(0, bytesRead);
    if (bytes.includes(0)) return `(binary file of ${stat.size} bytes)`;
    const text = bytes.toString("utf8");
    return stat.size > MAX_READ_BYTES ? `${text}\n… ${stat.size - MAX_READ_BYTES} bytes more` : text;
  } finally {
    await handle.close();
  }
}

/** Whole or not at all: readers see the old text or the new one. The file keeps its rights. */
async function writeText({ folder, name }: Place, file: string, text: string): Promise<void> {
  const place = inFolder({ folder, name });
  const mode = await modeBefore(place, file);
  const temporary = inFolder({ folder, name: `.${randomUUID()}.new` });
  const handle = await openFile(temporary, file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL);
  try {
    await handle.writeFile(text);
    if (mode !== null) await handle.chmod(mode);
    await rename(temporary, place);
  } catch (error) {
    await rm(temporary, { force: true });
    throw explained(error, file);
  } finally {
    await handle.close();
  }
}

/** Of the file that is there and may be written; null when there is none. */
async function modeBefore(place: string, file: string): Promise<number | null> {
  try {
    const before = await open(place, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    try {
      const stat = await before.stat();
      if (!stat.isFile()) throw new AppError("app.bad_input", `${file} is not a file`);
      return stat.mode & 0o777;
    } finally {
      await before.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error instanceof AppError ? error : explained(error, file);
  }
}

async function openFile(place: string, file: string, flags: number): Promise<FileHandle> {
  return await open(place, flags | constants.O_NOFOLLOW, 0o664).catch((error: unknown) => {
    throw explained(error, file);
  });
}

async function listFolder(folder: string): Promise<string> {
  const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) => a.name.localeCompare(b.name));
  const lines = entries.slice(0, MAX_LISTED).map((entry) => {
    if (entry.isDirectory()) return `${entry.name}/`;
    return entry.isSymbolicLink() ? `${entry.name} (link)` : entry.name;
  });
  if (entries.length > MAX_LISTED) lines.push(`… ${entries.length - MAX_LISTED} more`);
  return lines.length === 0 ? "(empty)" : lines.join("\n");
}

function relative(workspace: string, file: string): string {
  if (file.includes("\0")) throw new AppError("app.bad_input", "A path cannot hold a null character");
  const inside = path.relative(workspace, path.resolve(workspace, file));
  if (inside === ".." || inside.startsWith(`..${path.sep}`) || path.isAbsolute(inside)) throw outside(file);
  return inside;
}

function outside(file: string): AppError {
  return new AppError("app.bad_input", `${file} is outside the workspace`, {
    hint: "Agents read and write files in the workspace only.",
  });
}

function explained(error: unknown, file: string): AppError {
  const code = (error as NodeJS.ErrnoException).code ?? "unknown";
  if (code === "ENOENT") return new AppError("app.not_found", `${file} does not exist`, { cause: error });
  if (code === "ELOOP") return new AppError("app.bad_input", `${file} is a symbolic link`, { cause: error });
  if (code === "ENOTDIR")
    return new AppError("app.bad_input", `${file}: a folder on the way is a file`, { cause: error });
  if (code === "EISDIR") return new AppError("app.bad_input", `${file} is a folder`, { cause: error });
  if (code === "EACCES")
    return new AppError("app.bad_input", `${file} may not be opened by this agent`, { cause: error });
  return new AppError("app.bad_input", `${file} cannot be opened: ${code}`, { cause: error });
}

import { constants } from "node:fs";
import { mkdir, open, realpath, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { AppError } from "../../contract/errors.ts";
import { SEALED_PATHS } from "../../contract/permissions.ts";

/**
 * Folders are resolved, checked and then addressed through their open handle: the kernel follows that to the very folder
 * that was checked, whatever is swapped meanwhile.
 */
export function throughHandle(folder: FileHandle, name = ""): string {
  return name === "" ? `/proc/self/fd/${folder.fd}` : `/proc/self/fd/${folder.fd}/${name}`;
}

/** A file within the open folder it is in. */
export interface Place {
  readonly folder: FileHandle;
  readonly name: string;
}

/** A path below one of the folders that may be used. */
export interface Located {
  readonly root: string;
  /** Empty for the root itself. */
  readonly inside: string;
}

/** Where a path leads by its words alone: the first of `roots` it is in, which is what relative paths are relative to. */
export function locate(roots: readonly [string, ...string[]], file: string): Located {
  if (file.includes("\0")) throw new AppError("app.bad_input", "A path cannot hold a null character");
  const whole = path.resolve(roots[0], file);
  for (const root of roots) {
    const inside = path.relative(root, whole);
    if (inside !== ".." && !inside.startsWith(`..${path.sep}`) && !path.isAbsolute(inside)) return { root, inside };
  }
  throw outside(file);
}

export async function openFolderOf({ root, inside }: Located, file: string): Promise<Place> {
  const name = path.basename(inside);
  if (name === "") throw new AppError("app.bad_input", `${file} is a folder, not a file`);
  return { folder: await openFolder({ root, inside: path.dirname(inside) }, file), name };
}

/** Opens a folder and then checks where the opened one really is. */
export async function openFolder({ root, inside }: Located, file: string): Promise<FileHandle> {
  const wanted = path.join(root, inside);
  const handle = await open(wanted, constants.O_RDONLY | constants.O_DIRECTORY).catch((error: unknown) => {
    throw explained(error, file);
  });
  try {
    const realRoot = await realpath(root);
    const real = await realpath(throughHandle(handle));
    if (!isWithin(real, realRoot)) throw outside(file);
    if (isSealed(real, realRoot)) throw new AppError("app.bad_input", `${file} is closed to every agent`);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function isWithin(place: string, root: string): boolean {
  return place === root || place.startsWith(root.endsWith(path.sep) ? root : root + path.sep);
}

/** A root may itself lie in what is otherwise closed, such as a workspace below `/home`. */
function isSealed(place: string, root: string): boolean {
  return SEALED_PATHS.some((sealed) => isWithin(place, sealed) && !isWithin(root, sealed));
}

export async function makeFolders({ root, inside }: Located, file: string): Promise<void> {
  let made = "";
  for (const name of inside.split(path.sep)) {
    const parent = await openFolder({ root, inside: made }, file);
    try {
      await mkdir(throughHandle(parent, name)).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw explained(error, file);
      });
    } finally {
      await parent.close();
    }
    made = path.join(made, name);
  }
}

export async function openFile({ folder, name }: Place, file: string, flags: number): Promise<FileHandle> {
  return await open(throughHandle(folder, name), flags | constants.O_NOFOLLOW, 0o664).catch((error: unknown) => {
    throw explained(error, file);
  });
}

function outside(file: string): AppError {
  return new AppError("app.bad_input", `${file} is outside the workspace, or outside the worktree of this task`, {
    hint: "What else an agent may read and write depends on its level.",
  });
}

export function explained(error: unknown, file: string): AppError {
  if (error instanceof AppError) return error;
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

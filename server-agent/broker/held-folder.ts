import { constants } from "node:fs";
import { type FileHandle, open, realpath, stat } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { AppError } from "../../contract/errors.ts";
import type { KeptFiles } from "../../contract/root-snapshots.ts";
import { refuseChangeable } from "./refuse-changeable.ts";

/** In the place of a name. */
export const ALL_IN_FOLDER = ".";

/** A place without a link on the way to it. */
export type RealPlace = Pick<KeptFiles, "folder" | "name">;

/** Where a path really leads: a link at its end is meant itself, unless `/` follows. Null when there is nothing. */
export async function findPlace(file: string): Promise<RealPlace | null> {
  const isAll = file.endsWith("/");
  const folder = await realpath(isAll ? file : path.dirname(file)).catch(ignoreMissing);
  if (folder === null) return null;
  if (isAll) return { folder, name: ALL_IN_FOLDER };
  return { folder, name: path.basename(file) };
}

/** Throws when a path leads anywhere else than where its words say. */
export async function refuseLinks(file: string): Promise<void> {
  const place = await findPlace(file);
  const said = file.endsWith("/") ? path.normalize(file).replace(/\/$/, "") : path.dirname(path.normalize(file));
  if (place === null || place.folder === said) return;
  throw new AppError("broker.failed", `${file} leads to ${place.folder}, through a link`);
}

/**
 * Opens a folder by its real path, one name after the other, through no link: whoever may change a folder on the way can
 * put a link there at any time. What is done through the handle is done in the very folder that was opened.
 */
export async function holdFolder(folder: string): Promise<FileHandle> {
  let held = await open("/", constants.O_RDONLY | constants.O_DIRECTORY);
  for (const name of folder.split("/").filter((part) => part !== "")) {
    const outer = held;
    try {
      held = await openFolder(outer, name);
    } catch (cause) {
      throw new AppError("broker.failed", `${folder} is not the folder it was: ${explain(cause, name)}`, { cause });
    } finally {
      await outer.close();
    }
  }
  return held;
}

export async function openFolder(outer: FileHandle, name: string): Promise<FileHandle> {
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
  return await open(within(outer, name), flags);
}

/** Also for programs that this one starts. */
export function within(folder: FileHandle, name = ""): string {
  const place = `/proc/${process.pid}/fd/${folder.fd}`;
  return name === "" ? place : `${place}/${name}`;
}

/**
 * Files are put back only where they were, or where nobody but root could have prepared a place: in a folder of somebody
 * else's they would be open to whom they were closed.
 */
export async function refuseOtherFolder(held: FileHandle, kept: KeptFiles): Promise<void> {
  const { ino, uid, gid } = await held.stat();
  if (ino === kept.inode && uid === kept.uid && gid === kept.gid) return;
  await refuseChangeable([kept.folder], 0).catch((cause: unknown) => {
    throw new AppError(
      "broker.failed",
      `${kept.folder} is another folder than the one these files were in, and others than root could have made it`,
      { cause },
    );
  });
  const now = await stat(kept.folder);
  if (now.ino !== ino) throw new AppError("broker.failed", `${kept.folder} was moved meanwhile`);
}

function explain(error: unknown, name: string): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return `there is no ${name} any more`;
  if (code === "ELOOP" || code === "ENOTDIR") return `${name} is a link or a file`;
  return `${name}: ${code ?? String(error)}`;
}

function ignoreMissing(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
  throw error;
}

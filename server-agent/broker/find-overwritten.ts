import { lstat, readdir, realpath } from "node:fs/promises";
import path from "node:path";
import { findPlace } from "./held-folder.ts";

/** The kernel's own: what is written there is no file. */
const NO_FILES = /^\/(dev|proc|sys)\//;

/**
 * What is there now of a place that is written over, by its real path: a file; a link and the file that it leads to, since
 * some programs write through it and others replace it; with `/` at the end all that is in a folder, and the files that
 * links in it lead to. A folder in the place of a file stays as it is, and so do pipes and devices.
 */
export async function findOverwritten(named: string): Promise<string[]> {
  const place = await asItIs(named);
  const found = await findPlace(place);
  if (found === null) return [];
  if (place.endsWith("/")) return [`${found.folder}/`, ...(await filesByLinks(found.folder))];
  const file = path.join(found.folder, found.name);
  if (await isFile(file)) return [file];
  const isLink = (await lstat(file).catch(() => null))?.isSymbolicLink() ?? false;
  return isLink ? [file, ...(await fileBehind(file))] : [];
}

/** What is named as all in a folder may be a file: `find FILE -exec …`. */
export async function asItIs(place: string): Promise<string> {
  return place.endsWith("/") && (await findPlace(place)) === null ? place.slice(0, -1) : place;
}

/** Not of links further down: those of all of `/etc` lead to half of the system. */
async function filesByLinks(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const links = entries.filter((entry) => entry.isSymbolicLink());
  return (await Promise.all(links.map(async ({ name }) => await fileBehind(path.join(folder, name))))).flat();
}

/** None when it leads nowhere or to something else. */
async function fileBehind(link: string): Promise<string[]> {
  const target = await realpath(link).catch(() => null);
  return target !== null && !NO_FILES.test(target) && (await isFile(target)) ? [target] : [];
}

async function isFile(file: string): Promise<boolean> {
  return (await lstat(file).catch(() => null))?.isFile() ?? false;
}

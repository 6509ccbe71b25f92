import { readFile, statfs, writeFile } from "node:fs/promises";
import path from "node:path";
import { SNAPSHOT_LIMITS } from "../../contract/daemon-config.ts";
import { AppError } from "../../contract/errors.ts";
import { type KeptFiles, RootSnapshot } from "../../contract/root-snapshots.ts";
import { sizeText } from "../../contract/size-text.ts";
import { outerPaths } from "../platform/outer-paths.ts";
import { COPIES_FILE, LOSSES_FILE, OrderedLosses } from "./copies.ts";
import { hasOthers, measurePlace, packPlace, unpackPlaces } from "./copy-places.ts";
import { dumpDatabase, findDatabase, restoreDatabase } from "./copy-tables.ts";
import { asItIs, findOverwritten } from "./find-overwritten.ts";
import { findRepository } from "./find-repository.ts";
import { refuseLinks } from "./held-folder.ts";

const LEFT_FREE_BYTES = 200 * 1024 * 1024;

/** With all rights of root: keeps what `losses.json` in a snapshot's folder names, or puts back what is kept there. */
export async function runRootCopies(verb: string | undefined, folder: string | undefined): Promise<void> {
  if (folder !== undefined && verb === "keep") return await keepCopies(folder);
  if (folder !== undefined && verb === "restore") return await putBackCopies(folder);
  throw new AppError("app.bad_input", "root-copies takes keep or restore, and the folder of a snapshot");
}

export async function keepCopies(folder: string, maxBytes: number = SNAPSHOT_LIMITS.maxBytes): Promise<void> {
  const losses = OrderedLosses.parse(JSON.parse(await readFile(path.join(folder, LOSSES_FILE), "utf8")));
  const places = losses.besides ? await placesOfOthers(losses) : await placesIn(losses);
  const found = [];
  for (const database of losses.databases) found.push(await findDatabase(database));
  const databases = found.filter((database) => database !== null);
  await refuseTooLarge(
    { folder, maxBytes },
    places,
    databases.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  const files: KeptFiles[] = [];
  for (const place of places) {
    const kept = await packPlace(place, archiveOf(folder, files.length));
    if (kept) files.push(kept);
  }
  for (const [at, database] of databases.entries()) await dumpDatabase(database, dumpOf(folder, at));
  const named = databases.map(({ name, tables }) => ({ name, tables }));
  await writeFile(path.join(folder, COPIES_FILE), JSON.stringify({ kind: "copies", files, databases: named }));
}

export async function putBackCopies(folder: string): Promise<void> {
  const { id, kept } = RootSnapshot.parse(JSON.parse(await readFile(path.join(folder, "snapshot.json"), "utf8")));
  if (kept.kind !== "copies") throw new AppError("app.bad_input", `The snapshot ${id} holds no copies`);
  for (const [at, database] of kept.databases.entries()) await restoreDatabase(database, dumpOf(folder, at));
  await unpackPlaces(
    kept.files.map((files, at) => ({ kept: files, archive: archiveOf(folder, at) })),
    id,
  );
}

async function placesIn({ files, overwritten, repositories }: OrderedLosses): Promise<string[]> {
  const found: string[] = [];
  for (const repository of repositories) found.push(...(await findRepository(repository)));
  for (const place of files) found.push(await asItIs(place));
  for (const place of overwritten) found.push(...(await findOverwritten(place)));
  return outerPaths(found);
}

/**
 * All of them, when there is a file of somebody else's in them. An agent can put links where it will, and so choose what
 * comes back later: what is not exactly where it was said to be is refused.
 */
async function placesOfOthers(losses: OrderedLosses): Promise<string[]> {
  for (const folder of losses.repositories) {
    await refuseLinks(`${folder}/`);
    if ((await findRepository(folder)).length > 1)
      throw new AppError("broker.failed", `The history of ${folder} is elsewhere, where its worktree says`);
  }
  const places = await placesIn(losses);
  for (const place of places) await refuseLinks(place);
  for (const place of places) if (await hasOthers(place, losses.besides)) return places;
  return [];
}

interface Room {
  readonly folder: string;
  readonly maxBytes: number;
}

async function refuseTooLarge({ folder, maxBytes }: Room, places: readonly string[], more: number): Promise<void> {
  let bytes = more;
  for (const place of places) bytes += (await measurePlace(place)) ?? 0;
  if (bytes > maxBytes) {
    throw new AppError(
      "broker.failed",
      `it is ${sizeText(bytes)}, and a snapshot holds at most ${sizeText(maxBytes)}`,
      {
        hint: "Destroy less at a time, or let a person do it.",
      },
    );
  }
  const { bavail, bsize } = await statfs(folder);
  if (bytes + LEFT_FREE_BYTES <= bavail * bsize) return;
  throw new AppError("broker.failed", `it is ${sizeText(bytes)}, and the disk has ${sizeText(bavail * bsize)} left`, {
    hint: "Free some room first.",
  });
}

function archiveOf(folder: string, at: number): string {
  return path.join(folder, `files-${at}.tar`);
}

function dumpOf(folder: string, at: number): string {
  return path.join(folder, `database-${at}.dump`);
}

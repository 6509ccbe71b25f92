import { lstat, mkdir, readdir, rename } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { AppError } from "../../contract/errors.ts";
import type { KeptFiles } from "../../contract/root-snapshots.ts";
import type { Owners } from "./family.ts";
import { ALL_IN_FOLDER, findPlace, holdFolder, openFolder, refuseOtherFolder, within } from "./held-folder.ts";
import { runCopy } from "./run-copy.ts";

const STAGE = ".ai-infra-restore-";
/** Owners by number, with access lists and other attributes. */
const AS_IT_IS = ["--numeric-owner", "--acls", "--xattrs", "--xattrs-include=*"];

/** How many bytes are in a place; null when there is nothing. */
export async function measurePlace(file: string): Promise<number | null> {
  const place = await findPlace(file);
  if (place === null) return null;
  const held = await holdFolder(place.folder);
  try {
    const inside = within(held, place.name);
    if ((await lstat(inside).catch(ignoreMissing)) === null) return null;
    const said = await runCopy(["du", "--summarize", "--apparent-size", "--block-size=1", "--", inside]);
    return Number.parseInt(said, 10);
  } finally {
    await held.close();
  }
}

/** Whether something in a place has another owner or group. */
export async function hasOthers(file: string, owners: Owners | undefined): Promise<boolean> {
  const place = owners && (await findPlace(file));
  if (!place) return false;
  const held = await holdFolder(place.folder);
  try {
    const inside = within(held, place.name);
    if ((await lstat(inside).catch(ignoreMissing)) === null) return false;
    const groups = owners.gids.flatMap((gid) => ["!", "-gid", String(gid)]);
    const others = ["(", "!", "-uid", String(owners.uid), "-o", "(", ...groups, ")", ")"];
    return (await runCopy(["find", inside, ...others, "-print", "-quit"])) !== "";
  } finally {
    await held.close();
  }
}

/** Packs what is at a path into an archive; null when there is nothing. */
export async function packPlace(file: string, archive: string): Promise<KeptFiles | null> {
  const place = await findPlace(file);
  if (place === null) return null;
  const held = await holdFolder(place.folder);
  try {
    if ((await lstat(within(held, place.name)).catch(ignoreMissing)) === null) return null;
    const options = ["--format=posix", "--sparse", ...AS_IT_IS, `--exclude=${STAGE}*`, `--file=${archive}`];
    await runCopy(["tar", "--create", ...options, `--directory=${within(held)}`, "--", `./${place.name}`]);
    const { ino: inode, uid, gid } = await held.stat();
    return { ...place, inode, uid, gid };
  } finally {
    await held.close();
  }
}

export interface Packed {
  readonly kept: KeptFiles;
  readonly archive: string;
}

/**
 * Puts files back as they were, with their owners: all or none. Each is unpacked in a folder that only root can enter,
 * next to its place, and renamed from there, so that nobody else has it, or steers where it goes, before it is whole.
 */
export async function unpackPlaces(packed: readonly Packed[], id: string): Promise<void> {
  const stages: Stage[] = [];
  const moves: Move[] = [];
  try {
    for (const [at, { kept, archive }] of packed.entries()) {
      const stage = await openStage(kept, `${STAGE}${id}-${at}`);
      stages.push(stage);
      const into = `--directory=${within(stage.fresh)}`;
      await runCopy([
        "tar",
        "--extract",
        "--same-owner",
        "--preserve-permissions",
        ...AS_IT_IS,
        `--file=${archive}`,
        into,
      ]);
    }
    for (const stage of stages) await swap(stage, moves);
  } catch (error) {
    for (const { from, to } of moves.toReversed()) await rename(to, from);
    throw error;
  } finally {
    for (const stage of stages) await closeStage(stage);
  }
}

interface Stage {
  readonly kept: KeptFiles;
  readonly name: string;
  /** Where the files belong. */
  readonly home: FileHandle;
  readonly fresh: FileHandle;
  readonly old: FileHandle;
}

interface Move {
  readonly from: string;
  readonly to: string;
}

async function openStage(kept: KeptFiles, name: string): Promise<Stage> {
  const home = await holdFolder(kept.folder);
  try {
    await refuseOtherFolder(home, kept);
    return { kept, name, home, ...(await makeStage(home, name, kept.folder)) };
  } catch (error) {
    await home.close();
    throw error;
  }
}

async function makeStage(home: FileHandle, name: string, folder: string): Promise<Pick<Stage, "fresh" | "old">> {
  await runCopy(["rm", "--recursive", "--force", "--", within(home, name)]);
  await mkdir(within(home, name), { mode: 0o700 });
  const stage = await openFolder(home, name);
  try {
    const { uid, mode } = await stage.stat();
    if (uid !== 0 || (mode & 0o077) !== 0) throw new AppError("broker.failed", `${folder} is changed meanwhile`);
    await mkdir(within(stage, "fresh"), { mode: 0o700 });
    await mkdir(within(stage, "old"), { mode: 0o700 });
    return { fresh: await openFolder(stage, "fresh"), old: await openFolder(stage, "old") };
  } finally {
    await stage.close();
  }
}

/** Of a whole folder, what was kept comes back and what came later stays. */
async function swap({ kept, home, fresh, old }: Stage, moves: Move[]): Promise<void> {
  const move = async (from: string, to: string): Promise<void> => {
    await rename(from, to);
    moves.push({ from, to });
  };
  const names = kept.name === ALL_IN_FOLDER ? await readdir(within(fresh)) : [kept.name];
  for (const name of names) {
    const isThere = (await lstat(within(home, name)).catch(ignoreMissing)) !== null;
    if (isThere) await move(within(home, name), within(old, name));
    await move(within(fresh, name), within(home, name));
  }
}

async function closeStage({ name, home, fresh, old }: Stage): Promise<void> {
  await fresh.close();
  await old.close();
  try {
    await runCopy(["rm", "--recursive", "--force", "--", within(home, name)]);
  } finally {
    await home.close();
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
  throw error;
}

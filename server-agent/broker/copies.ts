import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { AppError } from "../../contract/errors.ts";
import { databaseWords, RootLosses } from "../../contract/root-losses.ts";
import { Kept } from "../../contract/root-snapshots.ts";
import type { Restore, Workbench } from "./family.ts";
import { ALL_IN_FOLDER } from "./held-folder.ts";
import type { Argv } from "./programs.ts";

/** What is written into `losses.json`. With `besides`, files are kept only when some are of others than these. */
export const OrderedLosses = RootLosses.extend({
  besides: z.object({ uid: z.number().int(), gids: z.array(z.number().int()) }).optional(),
});
export type OrderedLosses = z.infer<typeof OrderedLosses>;

/** In a snapshot's folder: what to keep, and what was kept. */
export const LOSSES_FILE = "losses.json";
export const COPIES_FILE = "copies.json";

type Bench = Pick<Workbench, "programs" | "ownProgram">;
type KeptCopies = Extract<Kept, { kind: "copies" }>;

const COPY_MS = 30 * 60_000;

/**
 * Keeps files, repositories and tables. By a service of its own: the broker itself sees neither all folders nor what is
 * another user's to read. Null when nothing is there.
 */
export async function keepLosses(bench: Bench, losses: OrderedLosses, folder: string): Promise<KeptCopies | null> {
  if ([losses.files, losses.overwritten, losses.repositories, losses.databases].every(({ length }) => length === 0))
    return null;
  await writeFile(path.join(folder, LOSSES_FILE), JSON.stringify(losses), { mode: 0o600 });
  const complaint = "Nothing was done, because nothing can be kept before it";
  await run(bench, { words: ["keep", folder], complaint, isUncut: false });
  const kept = Kept.parse(JSON.parse(await readFile(path.join(folder, COPIES_FILE), "utf8")));
  if (kept.kind !== "copies") throw new Error(`${COPIES_FILE} holds ${kept.kind}`);
  return kept.files.length + kept.databases.length === 0 ? null : kept;
}

/** What has to be kept before these copies are put back. */
export function lossesIn({ files, databases }: KeptCopies): RootLosses {
  const places = files.map(({ folder, name }) => (name === ALL_IN_FOLDER ? `${folder}/` : path.join(folder, name)));
  return { files: places, overwritten: [], repositories: [], databases, unkept: [] };
}

/** To its end, also when whoever asked has gone. */
export function restoreCopies(bench: Bench): Restore<"copies"> {
  return async ({ files, databases }, folder) => {
    await run(bench, { words: ["restore", folder], complaint: "It was not put back", isUncut: true });
    const places = lossesIn({ kind: "copies", files, databases }).files;
    return `As before: ${[...places, ...databases.map(databaseWords)].join(", ")}`;
  };
}

interface Run {
  readonly words: readonly ["keep" | "restore", string];
  /** When it fails. */
  readonly complaint: string;
  readonly isUncut: boolean;
}

async function run({ programs, ownProgram }: Bench, { words, complaint, isUncut }: Run): Promise<void> {
  const argv: Argv = [...ownProgram, "root-copies", ...words];
  await programs.asService(argv, { timeoutMs: COPY_MS, isUncut }).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== "broker.failed") throw error;
    throw new AppError("broker.failed", `${complaint}: ${reasonOf(error)}`, { cause: error });
  });
}

/** What it said, without the code in front. */
function reasonOf({ message, details }: AppError): string {
  return (details ?? message).replace(/^[a-z]+\.[a-z_]+: /, "");
}

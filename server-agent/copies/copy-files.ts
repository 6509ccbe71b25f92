import path from "node:path";
import { PassThrough, type Readable } from "node:stream";
import { AppError } from "../../contract/errors.ts";
import type { KeepOrder, KeepPlan, Received } from "../../contract/keeping.ts";
import { outerPaths } from "../platform/outer-paths.ts";
import type { OutputStream } from "../platform/run-group.ts";
import { shellQuote } from "../platform/shell-quote.ts";
import { createBubblewrap } from "../sandbox/bubblewrap.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { FIND_PRESENT, FIND_REMOTES, FIND_REPOSITORIES, MEASURE, PACK, UNPACK } from "./file-scripts.ts";
import { tooLarge } from "./too-large.ts";
import { brokenOff, type Transfer } from "./transfer.ts";

export interface CopyParts {
  readonly workspace: string;
  readonly transfer: Transfer;
  readonly signal: AbortSignal;
}

export interface Copied {
  /** What the copy holds; none: there was nothing. */
  readonly targets: readonly string[];
  readonly received: Received | null;
}

type FilesPlan = Extract<KeepPlan, { kind: "files" | "git" }>;

/** Called root, tar would rely on rights that nobody has in the sandbox. */
const PLAIN_USER = 1000;
const LOOK_MS = 120_000;
const COPY_MS = 30 * 60_000;

/**
 * Copies files as a command in the sandbox sees them, with the rights of the agent and no others: through a link nothing
 * is read that a command could not destroy.
 */
export async function copyFiles(order: KeepOrder & { readonly plan: FilesPlan }, parts: CopyParts): Promise<Copied> {
  const { plan, snapshotId, maxBytes } = order;
  const { workspace, transfer, signal } = parts;
  const reads = plan.kind === "files" ? outerFolders(plan.places, workspace) : [];
  const sandbox = createBubblewrap(workspace, { reads, writes: [] });
  const targets = await findTargets(sandbox, plan, parts);
  if (targets.length === 0) return { targets, received: null };
  const size = Number(await look(sandbox, { script: MEASURE, words: targets }, parts));
  if (size > maxBytes) throw tooLarge({ targets, bytes: size, maxBytes });
  const body = new PassThrough();
  const stopped = new AbortController();
  const both = AbortSignal.any([signal, stopped.signal]);
  const [received] = await Promise.all([
    transfer.upload(snapshotId, body, signal).catch((error: unknown) => {
      stopped.abort();
      throw error;
    }),
    run(sandbox, { script: PACK, words: targets }, { cwd: workspace, signal: both, stdout: body }),
  ]);
  return { targets, received };
}

async function findTargets(sandbox: Sandbox, plan: FilesPlan, parts: CopyParts): Promise<string[]> {
  const find = async (script: string, words: readonly string[]): Promise<string[]> =>
    (await look(sandbox, { script, words }, parts)).split("\0").filter((place) => place !== "");
  if (plan.kind === "files") return await find(FIND_PRESENT, plan.places);
  const repositories = async (folders: readonly string[]): Promise<string[]> =>
    outerPaths(folders.length > 0 ? await find(FIND_REPOSITORIES, folders) : []);
  if (plan.remotes === null) return await repositories(plan.folders);
  const remotes: string[] = [];
  for (const folder of plan.folders) remotes.push(...(await find(FIND_REMOTES, [folder, ...plan.remotes])));
  const pushedTo = await repositories(remotes);
  return pushedTo.length > 0 ? pushedTo : await repositories(plan.folders);
}

/** Puts files back, all or none of them. */
export async function restoreFiles(
  { snapshotId, targets }: { readonly snapshotId: string; readonly targets: readonly string[] },
  { workspace, transfer, signal }: CopyParts,
): Promise<void> {
  const writes = outerFolders(targets, workspace);
  const sandbox = createBubblewrap(workspace, { writes: [workspace, ...writes], userId: PLAIN_USER });
  const stage = path.join(writes[0] ?? workspace, `.ai-infra-restore-${snapshotId}`);
  const stdin = await transfer.download(snapshotId, signal);
  const words = [stage, workspace, ...targets];
  try {
    await run(sandbox, { script: UNPACK, words }, { cwd: workspace, signal, stdin });
  } catch (error) {
    throw stdin.errored ? brokenOff(stdin.errored) : error;
  } finally {
    stdin.destroy();
  }
}

/** The folders of places that commands do not reach. */
function outerFolders(places: readonly string[], workspace: string): string[] {
  const outer = places.filter((place) => place !== workspace && !place.startsWith(`${workspace}/`));
  return [...new Set(outer.map((place) => path.dirname(place)))].filter((folder) => folder !== "/");
}

interface Script {
  readonly script: string;
  readonly words: readonly string[];
}

/** What a script prints. */
async function look(sandbox: Sandbox, script: Script, { workspace, signal }: CopyParts): Promise<string> {
  return await run(sandbox, script, { cwd: workspace, signal, timeoutMs: LOOK_MS });
}

interface RunPlace {
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly stdin?: Readable;
  readonly stdout?: PassThrough;
  readonly timeoutMs?: number;
}

async function run(sandbox: Sandbox, { script, words }: Script, place: RunPlace): Promise<string> {
  const said = { stdout: "", stderr: "" };
  const line = ["bash", "-c", script, "snapshot", ...words].map(shellQuote).join(" ");
  const onOutput = (text: string, stream: OutputStream): void => void (said[stream] += text);
  const end = await sandbox.run(line, { timeoutMs: COPY_MS, ...place, onOutput });
  if (end.reason === "exited" && end.code === 0) return said.stdout;
  if (end.reason !== "exited") throw failed(end.reason === "timed_out" ? "it took too long" : "it was stopped");
  throw failed(lastLines(said.stderr) || `tar ended with ${String(end.code)}`);
}

function failed(why: string): AppError {
  return new AppError("snapshot.not_taken", why);
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-3).join("; ");
}

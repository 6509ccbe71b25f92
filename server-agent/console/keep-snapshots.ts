import { setTimeout as pause } from "node:timers/promises";
import type { DaemonConfig } from "../../contract/daemon-config.ts";
import { type ErrorCode, toWireError, type WireError } from "../../contract/errors.ts";
import type { KeepOrder, RestoreOrder } from "../../contract/keeping.ts";
import type { DaemonLink } from "./daemon-link.ts";

export interface SnapshotParts {
  readonly config: Pick<DaemonConfig, "workspace" | "workspaceDatabase">;
  readonly socketPath: string;
  readonly link: DaemonLink;
  readonly note: (text: string) => void;
}

const STORE_TIMEOUT_MS = 60_000;
/** The broker may make a copy of its own. */
const TAKEN_TIMEOUT_MS = 35 * 60_000;
/** How long a daemon that ended in the middle is waited for. */
const PATIENCE_MS = 120_000;
const AGAIN_MS = 300;
const BROKEN_OFF: readonly ErrorCode[] = ["daemon.unreachable", "snapshot.not_whole"];

/** Takes a snapshot of what a call would destroy; the daemon knows afterwards whether there is one. */
export async function keepSnapshot(order: KeepOrder, parts: SnapshotParts, signal: AbortSignal): Promise<void> {
  parts.note("Keeping a copy of what is there");
  const error = await take(order, parts, signal);
  signal.throwIfAborted();
  if (error) await tellFailed(order, error, { ...parts, signal });
}

/** Puts a snapshot back, with one of what is there before it. */
export async function restoreSnapshot(order: RestoreOrder, parts: SnapshotParts, signal: AbortSignal): Promise<void> {
  const { link, note } = parts;
  const { snapshotId, before } = order;
  note(`Putting back ${order.targets.join(", ")}`);
  const kept = before ? await take(before, parts, signal) : null;
  const error = kept ? notKept(kept) : await putBackPatiently(order, parts, signal);
  signal.throwIfAborted();
  if (before && kept) await tellFailed(before, kept, { ...parts, signal });
  note(error ? `Not put back: ${error.message}` : "Put back.");
  const end = { snapshotId, error };
  const options = { signal, timeoutMs: STORE_TIMEOUT_MS };
  await link.call((daemon, signal) => daemon.snapshots.restored(end, { signal }), options);
}

function notKept(error: WireError): WireError {
  return { ...error, code: "snapshot.restore_failed", message: `What is there now cannot be kept: ${error.message}` };
}

async function take(order: KeepOrder, { config, socketPath, link }: SnapshotParts, signal: AbortSignal) {
  // Loaded with the first snapshot: few consoles ever take one.
  const { takeCopy } = await import("../copies/do-copies.ts");
  return await patiently(signal, async () => {
    const { targets, received } = await takeCopy(order, { config, socketPath }, signal);
    const taken = { snapshotId: order.snapshotId, targets: [...targets], received };
    const options = { signal, timeoutMs: TAKEN_TIMEOUT_MS };
    await link.call((daemon, signal) => daemon.snapshots.taken(taken, { signal }), options);
  });
}

async function putBackPatiently(order: RestoreOrder, { config, socketPath }: SnapshotParts, signal: AbortSignal) {
  const { putBack } = await import("../copies/do-copies.ts");
  const error = await patiently(signal, async () => await putBack(order, { config, socketPath }, signal));
  return error?.code === "snapshot.not_taken" ? { ...error, code: "snapshot.restore_failed" as const } : error;
}

/** Null when it succeeded. When the daemon ends in the middle, it is done again from the start. */
async function patiently(signal: AbortSignal, work: () => Promise<void>): Promise<WireError | null> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      await work();
      return null;
    } catch (thrown) {
      const error = toWireError(thrown);
      if (signal.aborted || !BROKEN_OFF.includes(error.code) || Date.now() > giveUpAt) return error;
      await pause(AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function tellFailed(
  { snapshotId }: KeepOrder,
  error: WireError,
  { link, signal }: Pick<SnapshotParts, "link"> & { readonly signal: AbortSignal },
): Promise<void> {
  const options = { signal, timeoutMs: STORE_TIMEOUT_MS };
  await link.call((daemon, signal) => daemon.snapshots.failed({ snapshotId, error }, { signal }), options);
}

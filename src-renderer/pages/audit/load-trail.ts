import { AUDIT_START, type AuditRecord } from "../../../contract/audit.ts";
import type { WireError } from "../../../contract/errors.ts";
import { daemonClient, type DaemonClient } from "../../api/clients.ts";
import { deadline, pause, retryDelay } from "../../api/retry.ts";
import { pageError } from "../../errors/page-error.ts";
import { linkSignal, serverOnline } from "../../team/follow.ts";
import { type TrailFilter, toRequest } from "./filter.ts";
import { readTrail, updateTrail } from "./store.ts";
import { foldFirst, foldNewer, foldOlder } from "./trail.ts";

const CALL_MS = 20_000;
const PAGE_RECORDS = 200;
const MOST_RECORDS = 500;
/** After a long time away the newest page is shown instead of everything in between. */
const FAR_BEHIND = 2000;
/** A restarting daemon is away for a moment; only then is it a failure worth words. */
const QUIET_ATTEMPTS = 3;

/** Shows what matches, from the newest record on. */
export async function changeFilter(serverId: string, part: Partial<TrailFilter>): Promise<void> {
  updateTrail(serverId, (trail) => ({ ...trail, filter: { ...trail.filter, ...part }, phase: "loading", error: null }));
  await loadTrail(serverId);
}

export async function loadTrail(serverId: string): Promise<void> {
  const { filter } = readTrail(serverId);
  try {
    const daemon = daemonClient(serverId);
    const head = await daemon.audit.head(undefined, { signal: deadline(CALL_MS) });
    const page = await list(daemon, filter, { limit: PAGE_RECORDS });
    updateIfSame(serverId, filter, (trail) => foldFirst(trail, page, head.seq));
  } catch (error) {
    updateIfSame(serverId, filter, (trail) => ({ ...trail, phase: "failed", error: trailError(error) }));
  }
}

/** Loads a page of older records, unless one is on its way or there is none. */
export async function loadOlder(serverId: string): Promise<void> {
  const { filter, hasMore, loadingOlder, records } = readTrail(serverId);
  const before = records.at(-1)?.seq;
  if (!hasMore || loadingOlder || before === undefined) return;
  updateTrail(serverId, (trail) => ({ ...trail, loadingOlder: true }));
  try {
    const page = await list(daemonClient(serverId), filter, { before, limit: PAGE_RECORDS });
    updateIfSame(serverId, filter, (trail) => foldOlder(trail, page));
  } catch {
    // Scrolling on asks again.
    updateTrail(serverId, (trail) => ({ ...trail, loadingOlder: false }));
  }
}

/** Keeps the trail up to date until the signal ends it, across a connection that comes and goes. */
export async function followTrail(serverId: string, signal: AbortSignal): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    await serverOnline(serverId, signal);
    const link = linkSignal(serverId, signal);
    try {
      const heads = await daemonClient(serverId).audit.heads(undefined, { signal: link.signal });
      for await (const { seq } of heads) {
        attempt = 0;
        await catchUp(serverId, seq);
      }
    } catch (error) {
      if (attempt >= QUIET_ATTEMPTS && !signal.aborted) failIfEmpty(serverId, error);
    } finally {
      link.end();
    }
    await pause(retryDelay(attempt), signal);
  }
}

async function catchUp(serverId: string, headSeq: number): Promise<void> {
  const { filter, phase, upTo } = readTrail(serverId);
  const isNear = headSeq >= upTo && headSeq - upTo <= FAR_BEHIND;
  if (phase !== "ready" || !isNear) return await loadTrail(serverId);
  if (headSeq === upTo) return;
  const daemon = daemonClient(serverId);
  const newer: AuditRecord[] = [];
  for (let hasMore = true; hasMore;) {
    const before = newer.at(-1)?.seq;
    const part = { after: upTo, limit: MOST_RECORDS, ...(before !== undefined && { before }) };
    const page = await list(daemon, filter, part);
    newer.push(...page.records);
    hasMore = page.hasMore;
  }
  updateIfSame(serverId, filter, (trail) => foldNewer(trail, newer, headSeq));
}

/** One record and the hash of the one before it. */
export async function loadRecord(serverId: string, seq: number) {
  const request = { before: seq + 1, limit: 2 };
  const page = await daemonClient(serverId).audit.list(request, { signal: deadline(CALL_MS) });
  const [record, previous] = page.records;
  if (record?.seq !== seq) return null;
  if (previous) return { record, previousHash: previous.hash };
  if (seq === 1) return { record, previousHash: AUDIT_START.hash };
  // The two together were too long for one answer.
  const before = await daemonClient(serverId).audit.at({ seq: seq - 1 }, { signal: deadline(CALL_MS) });
  return { record, previousHash: before?.hash ?? null };
}

interface Part {
  readonly before?: number;
  readonly after?: number;
  readonly limit: number;
}

async function list(daemon: DaemonClient, filter: TrailFilter, part: Part) {
  return await daemon.audit.list({ ...toRequest(filter, Date.now()), ...part }, { signal: deadline(CALL_MS) });
}

/** Answers to a filter that has been changed since are of no use. */
function updateIfSame(serverId: string, filter: TrailFilter, change: Parameters<typeof updateTrail>[1]): void {
  updateTrail(serverId, (trail) => (trail.filter === filter ? change(trail) : trail));
}

function failIfEmpty(serverId: string, error: unknown): void {
  updateTrail(serverId, (trail) =>
    trail.phase === "ready" ? trail : { ...trail, phase: "failed", error: trailError(error) },
  );
}

/** A channel that closes at once has no daemon behind it. */
function trailError(error: unknown): WireError {
  const wire = pageError(error);
  return wire.code === "connection.lost" ? { ...wire, code: "daemon.unreachable" } : wire;
}

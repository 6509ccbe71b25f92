import { randomUUID } from "node:crypto";
import type { AgentName } from "../../contract/agents.ts";
import { AppError, type WireError } from "../../contract/errors.ts";
import type { KeepPlan, RestoreOrder } from "../../contract/keeping.ts";
import type { Snapshot } from "../../contract/snapshots.ts";
import type { EventFeed } from "../events/event-feed.ts";
import { waitFor } from "../events/wait-for.ts";
import { derivedId } from "../platform/derived-id.ts";
import type { Audit, Emit, Store, Tx } from "../store/open-store.ts";
import { toSnapshot } from "../store/rows.ts";
import type { SnapshotLimits } from "./drop-old.ts";
import type { OwnedCopies } from "./owned-copies.ts";
import { showSnapshot } from "./read-snapshots.ts";

export interface RestoreParts {
  readonly store: Store;
  readonly feed: Pick<EventFeed, "subscribe">;
  readonly limits: SnapshotLimits;
  readonly isConnected: (agent: AgentName) => boolean;
  readonly order: (agent: AgentName, restore: RestoreOrder) => void;
  /** Asks the broker; throws what it refuses. */
  readonly restoreAsRoot: (id: string, signal?: AbortSignal) => Promise<void>;
  readonly owned: OwnedCopies;
}

export interface RestoreRequest {
  readonly id: string;
  /** The app of the person, as it calls itself. */
  readonly by: string;
  readonly signal?: AbortSignal | undefined;
}

/** Puts a snapshot back and waits for the end; asked for again while that is under way, it joins. */
export async function restoreSnapshot(parts: RestoreParts, request: RestoreRequest): Promise<Snapshot> {
  const snapshot = await showSnapshot(parts.store, request.id);
  if (snapshot.kind === "root") return await restoreRoot(parts, snapshot, request);
  if (snapshot.state === "kept" && (await parts.owned.restore(request.id, request.signal))) {
    return await noteRestored(parts, { ...snapshot, restoredBy: request.by }, null);
  }
  const { agent } = snapshot;
  if (agent === null || !parts.isConnected(agent)) throw noConsole(agent);
  if (snapshot.state !== "restoring") await begin(parts, request);
  for (const { restore } of await pendingRestores(parts, agent)) parts.order(agent, restore);
  const ended = await waitFor(parts.feed, {
    matches: (event) => event.type === "snapshot_changed" && event.snapshot.id === request.id,
    async read() {
      const found = await showSnapshot(parts.store, request.id);
      return found.state === "restoring" ? null : found;
    },
    signal: request.signal,
  });
  if (ended.error) throw AppError.fromWire(ended.error);
  return ended;
}

async function begin({ store }: RestoreParts, { id, by }: RestoreRequest): Promise<void> {
  await store.change(async (tx, emit, audit) => {
    const row = await tx.selectFrom("snapshots").selectAll().where("id", "=", id).forUpdate().executeTakeFirstOrThrow();
    if (row.state === "restoring") return;
    if (row.state !== "kept") throw notKept(row);
    const { agent, task_id, conversation_id, kind, targets } = row;
    const plan: KeepPlan =
      kind === "database" ? { kind: "database", names: targets } : { kind: "files", places: targets };
    await tx
      .insertInto("snapshots")
      .values({
        id: derivedId("snapshot", id, randomUUID()),
        kind,
        agent,
        task_id,
        conversation_id,
        state: "taking",
        targets: "[]",
        before_restore_of: id,
        action: `the restore of what was kept before: ${row.action}`,
        plan: JSON.stringify(plan),
      })
      .execute();
    await move({ tx, emit }, id, { state: "restoring", restored_by: by, error: null });
    audit({ kind: "snapshot_restored", agent, taskId: task_id, detail: { snapshot: id, state: "started", by } });
  });
}

/** A restore for a console that is there, with what is left to do of it. */
export async function pendingRestores(
  { store, limits }: Pick<RestoreParts, "store" | "limits">,
  agent: AgentName,
): Promise<{ restore: RestoreOrder }[]> {
  return await store.snapshot(async (tx) => {
    const rows = await tx
      .selectFrom("snapshots")
      .selectAll()
      .where("agent", "=", agent)
      .where("state", "=", "restoring")
      .where("kind", "!=", "root")
      .orderBy("number")
      .execute();
    const orders: { restore: RestoreOrder }[] = [];
    for (const { id, kind, targets } of rows) {
      const before = await tx
        .selectFrom("snapshots")
        .select(["id", "plan"])
        .where("before_restore_of", "=", id)
        .where("state", "=", "taking")
        .executeTakeFirst();
      const keep = before?.plan && { snapshotId: before.id, plan: before.plan, maxBytes: limits.maxBytes };
      const order = { snapshotId: id, kind: kind === "database" ? kind : ("files" as const), targets };
      orders.push({ restore: { ...order, before: keep ?? null } });
    }
    return orders;
  });
}

/** What the console tells at the end. Said twice is once. */
export async function snapshotRestored(
  { store }: Pick<RestoreParts, "store">,
  agent: AgentName,
  { snapshotId: id, error }: { readonly snapshotId: string; readonly error: WireError | null },
): Promise<void> {
  await store.change(async (tx, emit, audit) => {
    const row = await tx
      .selectFrom("snapshots")
      .selectAll()
      .where("id", "=", id)
      .where("agent", "=", agent)
      .where("state", "=", "restoring")
      .forUpdate()
      .executeTakeFirst();
    if (row) await end({ tx, emit, audit }, toSnapshot(row), error);
  });
}

async function restoreRoot(parts: RestoreParts, snapshot: Snapshot, { by, signal }: RestoreRequest): Promise<Snapshot> {
  const { id } = snapshot;
  if (snapshot.state !== "kept") throw notKept(snapshot);
  let error: WireError | null = null;
  try {
    await parts.restoreAsRoot(id, signal);
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    error = thrown.toWire();
  }
  return await noteRestored(parts, { ...snapshot, restoredBy: by }, error);
}

/** What the broker put back, or why it could not. */
async function noteRestored(
  { store }: Pick<RestoreParts, "store">,
  snapshot: Snapshot,
  error: WireError | null,
): Promise<Snapshot> {
  await store.change(async (tx, emit, audit) => await end({ tx, emit, audit }, snapshot, error));
  if (error) throw AppError.fromWire(error);
  return await showSnapshot(store, snapshot.id);
}

interface ChangeParts {
  readonly tx: Tx;
  readonly emit: Emit;
  readonly audit: Audit;
}

async function end(
  { tx, emit, audit }: ChangeParts,
  { id, agent, taskId, restoredBy }: Snapshot,
  error: WireError | null,
): Promise<void> {
  const restored = error ? {} : { restored_at: new Date(), restored_by: restoredBy };
  await move({ tx, emit }, id, { state: "kept", error: error && JSON.stringify(error), ...restored });
  const detail = {
    snapshot: id,
    state: error ? "failed" : "done",
    by: restoredBy,
    ...(error && { reason: error.message }),
  };
  audit({ kind: "snapshot_restored", agent, taskId, detail });
}

interface Move {
  readonly state: "kept" | "restoring";
  readonly error: string | null;
  readonly restored_by?: string | null;
  readonly restored_at?: Date;
}

async function move({ tx, emit }: Pick<ChangeParts, "tx" | "emit">, id: string, change: Move): Promise<void> {
  const row = await tx
    .updateTable("snapshots")
    .set(change)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
  emit({ type: "snapshot_changed", snapshot: toSnapshot(row) });
}

function notKept({ id, state }: Pick<Snapshot, "id" | "state">): AppError {
  const why = state === "dropped" ? "it made room for newer ones" : `it is ${state}`;
  return new AppError("snapshot.not_restorable", `The snapshot ${id} cannot be restored: ${why}`);
}

function noConsole(agent: AgentName | null): AppError {
  return new AppError(
    "snapshot.not_restorable",
    `The agent ${agent ?? "(none)"}, who can put it back, is not running`,
    {
      hint: "Its window starts it again by itself. Look at its terminal, then try again.",
    },
  );
}

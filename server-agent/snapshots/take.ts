import type { AgentName } from "../../contract/agents.ts";
import { AppError, type WireError } from "../../contract/errors.ts";
import type { Received } from "../../contract/keeping.ts";
import type { Store } from "../store/open-store.ts";
import { toSnapshot } from "../store/rows.ts";
import type { CopyFolder } from "./copy-folder.ts";
import { dropOld, type SnapshotLimits } from "./drop-old.ts";
import type { OwnedCopies } from "./owned-copies.ts";

export interface TakeParts {
  readonly store: Store;
  readonly copies: CopyFolder;
  readonly limits: SnapshotLimits;
  readonly owned: OwnedCopies;
}

export interface Taken {
  readonly snapshotId: string;
  readonly targets: readonly string[];
  readonly received: Received | null;
}

/** Keeps a copy that has arrived. Said twice is once. */
export async function snapshotTaken(
  { store, copies, limits, owned }: TakeParts,
  agent: AgentName,
  { snapshotId: id, targets, received }: Taken,
): Promise<void> {
  const row = await ownSnapshot(store, agent, id);
  if (row.state === "kept" || row.state === "empty") return;
  if (received) {
    await dropOld({ store, copies, limits }, received.bytes);
    await copies.keep(id, received);
    if (row.plan) await owned.keep(id, agent, row.plan);
  }
  await store.change(async (tx, emit, audit) => {
    const kept = await tx
      .updateTable("snapshots")
      .set({ state: received ? "kept" : "empty", targets: JSON.stringify(targets), kept_at: new Date(), error: null })
      .set(received ?? {})
      .where("id", "=", id)
      .where("state", "=", "taking")
      .returningAll()
      .executeTakeFirst();
    if (!kept) return;
    emit({ type: "snapshot_changed", snapshot: toSnapshot(kept) });
    const about = { snapshot: id, before: kept.action, approval: kept.approval_id, restoreOf: kept.before_restore_of };
    if (received) {
      const detail = { ...about, kind: kept.kind, targets, ...received };
      audit({ kind: "snapshot_taken", agent, taskId: kept.task_id, detail });
    }
  });
}

/** The call it was for is refused when it is asked for again. */
export async function snapshotFailed(
  { store, copies }: Pick<TakeParts, "store" | "copies">,
  agent: AgentName,
  { snapshotId: id, error }: { readonly snapshotId: string; readonly error: WireError },
): Promise<void> {
  await ownSnapshot(store, agent, id);
  await copies.remove(id);
  await store.change(async (tx, emit, audit) => {
    const failed = await tx
      .updateTable("snapshots")
      .set({ state: "failed", error: JSON.stringify(error) })
      .where("id", "=", id)
      .where("state", "=", "taking")
      .returningAll()
      .executeTakeFirst();
    if (!failed) return;
    emit({ type: "snapshot_changed", snapshot: toSnapshot(failed) });
    const detail = { snapshot: id, state: "failed", before: failed.action, reason: error.message };
    audit({ kind: "snapshot_taken", agent, taskId: failed.task_id, detail });
  });
}

async function ownSnapshot(store: Store, agent: AgentName, id: string) {
  const row = await store.read(async (db) => {
    return await db.selectFrom("snapshots").select(["state", "agent", "plan"]).where("id", "=", id).executeTakeFirst();
  });
  if (row?.agent === agent) return row;
  throw new AppError("app.not_found", `The agent ${agent} has no snapshot ${id}`);
}

import type { RootRecord } from "../../contract/broker-desk.ts";
import { KEPT_ROOT_SNAPSHOTS } from "../../contract/root-snapshots.ts";
import type { Emit, Tx } from "../store/open-store.ts";
import { toSnapshot } from "../store/rows.ts";

/** Lists with the others what the broker says it has kept. */
export async function noteRootSnapshot(tx: Tx, emit: Emit, { kind, agent, taskId, detail }: RootRecord): Promise<void> {
  const { snapshot: id, before } = detail;
  if (kind !== "snapshot_taken" || typeof id !== "string" || typeof before !== "string") return;
  const row = await tx
    .insertInto("snapshots")
    .values({
      id,
      kind: "root",
      agent,
      task_id: taskId,
      action: before,
      state: "kept",
      kept_at: new Date(),
      targets: JSON.stringify([before]),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row) emit({ type: "snapshot_changed", snapshot: toSnapshot(row) });
  await dropBeyondKept(tx, emit);
}

/** The broker keeps its newest. */
async function dropBeyondKept(tx: Tx, emit: Emit): Promise<void> {
  const beyond = await tx
    .selectFrom("snapshots")
    .select("id")
    .where("kind", "=", "root")
    .where("state", "=", "kept")
    .orderBy("number", "desc")
    .offset(KEPT_ROOT_SNAPSHOTS)
    .execute();
  const ids = beyond.map(({ id }) => id);
  if (ids.length === 0) return;
  const rows = await tx
    .updateTable("snapshots")
    .set({ state: "dropped" })
    .where("id", "in", ids)
    .returningAll()
    .execute();
  for (const row of rows) emit({ type: "snapshot_changed", snapshot: toSnapshot(row) });
}

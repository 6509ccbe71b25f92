import { AppError } from "../../contract/errors.ts";
import type { Snapshot } from "../../contract/snapshots.ts";
import type { Store } from "../store/open-store.ts";
import { toSnapshot } from "../store/rows.ts";

export async function listSnapshots(store: Store, limit: number): Promise<Snapshot[]> {
  const rows = await store.read(async (db) => {
    const query = db.selectFrom("snapshots").selectAll().where("state", "in", ["kept", "restoring", "dropped"]);
    return await query.orderBy("number", "desc").limit(limit).execute();
  });
  return rows.map(toSnapshot);
}

export async function showSnapshot(store: Store, id: string): Promise<Snapshot> {
  const row = await store.read(async (db) => {
    return await db.selectFrom("snapshots").selectAll().where("id", "=", id).executeTakeFirst();
  });
  if (row) return toSnapshot(row);
  throw new AppError("app.not_found", `There is no snapshot ${id}`, { hint: "ai-infra snapshots lists them." });
}

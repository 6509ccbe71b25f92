import { AppError } from "../../contract/errors.ts";
import { sizeText } from "../../contract/size-text.ts";
import type { Store } from "../store/open-store.ts";
import { toSnapshot } from "../store/rows.ts";
import type { CopyFolder } from "./copy-folder.ts";

export interface SnapshotLimits {
  readonly maxBytes: number;
  readonly maxTotalBytes: number;
  readonly maxDays: number;
}

export interface KeptCopy {
  readonly id: string;
  readonly bytes: number;
  readonly keptAt: Date;
}

const DAY_MS = 86_400_000;

/**
 * Which copies go, oldest first, so that there is room for `coming`: those past their days, and then as many as it takes.
 * None of the last day goes for room. Null when there is no room all the same.
 */
export function copiesToDrop(
  kept: readonly KeptCopy[],
  coming: number,
  { limits, now }: { readonly limits: SnapshotLimits; readonly now: Date },
): string[] | null {
  const ageOf = ({ keptAt }: KeptCopy): number => now.getTime() - keptAt.getTime();
  const oldestFirst = [...kept].sort((one, other) => ageOf(other) - ageOf(one));
  let total = coming + kept.reduce((sum, { bytes }) => sum + bytes, 0);
  const dropped: string[] = [];
  for (const copy of oldestFirst) {
    const isPast = ageOf(copy) > limits.maxDays * DAY_MS;
    const isInTheWay = total > limits.maxTotalBytes && ageOf(copy) > DAY_MS;
    if (!isPast && !isInTheWay) continue;
    dropped.push(copy.id);
    total -= copy.bytes;
  }
  return coming > 0 && total > limits.maxTotalBytes ? null : dropped;
}

interface DropParts {
  readonly store: Store;
  readonly copies: CopyFolder;
  readonly limits: SnapshotLimits;
}

/** Refused when there is no room for `coming` bytes. */
export async function dropOld({ store, copies, limits }: DropParts, coming = 0): Promise<void> {
  const dropped = await store.change(async (tx, emit, audit) => {
    const kept = await tx
      .selectFrom("snapshots")
      .select(["id", "bytes", "kept_at"])
      .where("state", "=", "kept")
      .where("kind", "!=", "root")
      .execute();
    const copiesKept = kept.map(({ id, bytes, kept_at }) => ({ id, bytes, keptAt: kept_at ?? new Date() }));
    const ids = copiesToDrop(copiesKept, coming, { limits, now: new Date() });
    if (ids === null) throw noRoom(limits);
    if (ids.length === 0) return ids;
    const rows = await tx
      .updateTable("snapshots")
      .set({ state: "dropped" })
      .where("id", "in", ids)
      .where("state", "=", "kept")
      .returningAll()
      .execute();
    for (const row of rows) {
      emit({ type: "snapshot_changed", snapshot: toSnapshot(row) });
      const detail = { snapshot: row.id, before: row.action, bytes: row.bytes, sha256: row.sha256 };
      audit({ kind: "snapshot_dropped", agent: row.agent, taskId: row.task_id, detail });
    }
    return rows.map(({ id }) => id);
  });
  await Promise.all(dropped.map(async (id) => await copies.remove(id)));
}

function noRoom({ maxTotalBytes }: SnapshotLimits): AppError {
  const set = sizeText(maxTotalBytes);
  return new AppError("snapshot.not_taken", `Snapshots of the last day fill the ${set} that are set aside for all`, {
    hint: "A person can raise snapshots.maxTotalBytes in the daemon's configuration",
  });
}

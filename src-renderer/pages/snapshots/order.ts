import type { Snapshot } from "../../../contract/snapshots.ts";

/** Those that say something: what held nothing is left out. */
export function newestFirst(snapshots: readonly Snapshot[]): Snapshot[] {
  return snapshots
    .filter(({ state }) => state !== "empty" && state !== "taking")
    .sort((one, other) => Date.parse(other.createdAt) - Date.parse(one.createdAt));
}

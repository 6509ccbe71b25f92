import { implement } from "@orpc/server";
import { DaemonApi } from "../../contract/daemon-api.ts";
import type { Snapshot } from "../../contract/snapshots.ts";
import { refuse } from "./fake-host-answers.ts";
import type { World } from "./fake-host-world.ts";

/** Snapshots of the scene; a restore succeeds at once, or fails as the scene says. */
export function snapshotsOfDaemon(world: World) {
  const { snapshots } = implement(DaemonApi);
  const find = (id: string): Snapshot => {
    const found = world.state.snapshots.find((snapshot) => snapshot.id === id);
    if (!found) throw refuse("app.not_found", `There is no snapshot ${id}`);
    return found;
  };
  return {
    list: snapshots.list.handler(() => [...world.state.snapshots]),
    show: snapshots.show.handler(({ input }) => find(input.id)),
    restore: snapshots.restore.handler(({ input }) => {
      const found = find(input.id);
      if (found.error) throw refuse(found.error.code, found.error.message);
      const restored = { ...found, restoredAt: new Date().toISOString(), restoredBy: "ai-infrastructure (you@laptop)" };
      world.state.snapshots = world.state.snapshots.map((one) => (one.id === input.id ? restored : one));
      world.store({ type: "snapshot_changed", snapshot: restored });
      return restored;
    }),
  };
}

import { implement } from "@orpc/server";
import { DaemonApi } from "../../contract/daemon-api.ts";
import type { Snapshot } from "../../contract/snapshots.ts";
import { refuse } from "./fake-host-answers.ts";
import { ago, WORKING } from "./fake-host-scenes.ts";
import type { Scene, World } from "./fake-host-world.ts";

const MINUTE = 60_000;

function kept(part: Partial<Snapshot> & Pick<Snapshot, "id">): Snapshot {
  return {
    kind: "files",
    agent: "code",
    taskId: "t2",
    conversationId: "main",
    callId: "t2.1.call",
    approvalId: "a1",
    action: "rm -rf old-shop",
    targets: ["/workspace/old-shop"],
    state: "kept",
    bytes: 48_231_004,
    sha256: "ab".repeat(32),
    createdAt: ago(4 * MINUTE),
    beforeRestoreOf: null,
    restoredAt: null,
    restoredBy: null,
    error: null,
    ...part,
  };
}

/** What was kept of every kind, one of which cannot be restored. */
export const KEPT: Scene = {
  ...WORKING,
  snapshots: [
    kept({ id: "s1" }),
    kept({
      id: "s2",
      kind: "git",
      action: "git -C shop reset --hard origin/main",
      targets: ["/workspace/shop"],
      createdAt: ago(26 * MINUTE),
      restoredAt: ago(20 * MINUTE),
      restoredBy: "ai-infrastructure/0.1.0 (lea@thinkpad)",
    }),
    kept({
      id: "s3",
      kind: "database",
      agent: "data",
      taskId: "t3",
      action: 'query_database {"sql":"drop table orders cascade","write":true}',
      targets: ["public.orders", "public.order_lines", "public.open_orders"],
      createdAt: ago(190 * MINUTE),
      error: { code: "snapshot.restore_failed", message: "pg_restore: view late_orders depends on table orders" },
    }),
    kept({
      id: "s4",
      kind: "root",
      agent: "infra",
      taskId: "t4",
      bytes: 0,
      action: "stop nginx.service",
      targets: ["stop nginx.service"],
      createdAt: ago(30 * 60 * MINUTE),
    }),
    kept({ id: "s5", state: "dropped", targets: ["/workspace/build"], createdAt: ago(31 * 24 * 60 * MINUTE) }),
  ],
};

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
      const before = kept({ id: `${found.id}-before`, taskId: found.taskId, targets: found.targets });
      const action = `the restore of what was kept before: ${found.action}`;
      const now = { createdAt: new Date().toISOString(), action, beforeRestoreOf: found.id };
      world.state.snapshots.push({ ...before, ...now });
      const restored = { ...found, restoredAt: new Date().toISOString(), restoredBy: "ai-infrastructure (you@laptop)" };
      world.state.snapshots = world.state.snapshots.map((one) => (one.id === input.id ? restored : one));
      world.store({ type: "snapshot_changed", snapshot: restored });
      return restored;
    }),
  };
}

import { z } from "zod";

/**
 * Between the daemon, which keeps snapshots, and the agents' consoles, which read and write what they hold with the
 * rights of the agent. The copy itself goes over `PUT` and `GET /v1/snapshots/<id>` of the agent's own socket.
 */
export const SNAPSHOT_PATH = "/v1/snapshots/";

/** What to keep. What is not there is left out. */
export const KeepPlan = z.discriminatedUnion("kind", [
  /** Absolute paths. */
  z.object({ kind: z.literal("files"), places: z.array(z.string()).min(1) }),
  /** The whole repositories of these folders; of a push, those that it is sent to, when they are folders. */
  z.object({
    kind: z.literal("git"),
    folders: z.array(z.string()).min(1),
    /** Null when it is no push. Without names: wherever git would push to. */
    remotes: z.array(z.string()).nullable(),
  }),
  /** Names of tables as SQL has them, `<schema>.*` for a schema; none: the whole database. */
  z.object({ kind: z.literal("database"), names: z.array(z.string()) }),
]);
export type KeepPlan = z.infer<typeof KeepPlan>;

export const KeepOrder = z.object({ snapshotId: z.string(), plan: KeepPlan, maxBytes: z.number().int() });
export type KeepOrder = z.infer<typeof KeepOrder>;

/** `before`: the snapshot of what is there now; null when it has been taken already. */
export const RestoreOrder = z.object({
  snapshotId: z.string(),
  kind: z.enum(["files", "database"]),
  targets: z.array(z.string()),
  before: KeepOrder.nullable(),
});
export type RestoreOrder = z.infer<typeof RestoreOrder>;

/** What arrived, as the answer to a `PUT`. */
export const Received = z.object({ bytes: z.number().int(), sha256: z.string() });
export type Received = z.infer<typeof Received>;

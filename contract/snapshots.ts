import { z } from "zod";
import { AgentName } from "./agents.ts";
import { api } from "./api-base.ts";
import { WireError } from "./errors.ts";

/** `root`: kept by the broker before work as root. */
export const SnapshotKind = z.enum(["files", "git", "database", "root"]);
export type SnapshotKind = z.infer<typeof SnapshotKind>;

/** A copy of what an action would destroy, taken before it. */
export const Snapshot = z.object({
  id: z.string(),
  kind: SnapshotKind,
  /** Who took it, and who can put it back; null for a person's action as root. */
  agent: AgentName.nullable(),
  taskId: z.string().nullable(),
  conversationId: z.string().nullable(),
  /** The tool call it was taken before, as `ToolCall.id`; null for one that was taken before a restore. */
  callId: z.string().nullable(),
  approvalId: z.string().nullable(),
  /** What it was taken before, in one line. */
  action: z.string(),
  /** What it holds: absolute paths, or names of the database; nothing before it is `kept`. */
  targets: z.array(z.string()),
  /**
   * `empty`: there was nothing to keep. `failed`: it could not be taken, so the action did not run. `dropped`: it made
   * room for newer ones.
   */
  state: z.enum(["taking", "kept", "empty", "failed", "restoring", "dropped"]),
  /** As it is stored. */
  bytes: z.number().int(),
  sha256: z.string().nullable(),
  createdAt: z.iso.datetime(),
  /** What was there before that snapshot was restored. */
  beforeRestoreOf: z.string().nullable(),
  restoredAt: z.iso.datetime().nullable(),
  restoredBy: z.string().nullable(),
  /** Why it could not be taken, or why its last restore failed. */
  error: WireError.nullable(),
});
export type Snapshot = z.infer<typeof Snapshot>;

export const snapshots = {
  /** What can be restored or once could, newest first. */
  list: api.input(z.object({ limit: z.number().int().min(1).max(500).default(100) })).output(z.array(Snapshot)),
  show: api.input(z.object({ id: z.string() })).output(Snapshot),
  /** Puts back what it holds, after taking a snapshot of what is there. Returns when that is done; again is fine. */
  restore: api.input(z.object({ id: z.string() })).output(Snapshot),
};

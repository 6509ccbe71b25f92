import { z } from "zod";
import { AgentName } from "./agents.ts";
import { SiteName, SnapshotId } from "./broker.ts";
import { ContainerSpec, DockerName } from "./containers.ts";

/** Where files were: their real folder, without a link on the way, and how that was. */
export const KeptFiles = z.object({
  folder: z.string().startsWith("/"),
  name: z.string().regex(/^[^/\0]+$/),
  inode: z.number(),
  uid: z.number().int(),
  gid: z.number().int(),
});
export type KeptFiles = z.infer<typeof KeptFiles>;

/** What the broker kept before an action, enough to undo it. Larger things lie beside it in the snapshot's folder. */
export const Kept = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("unit"), unit: z.string(), isActive: z.boolean(), isEnabled: z.boolean() }),
  /** `text` is null when there was no such site. */
  z.object({ kind: z.literal("site"), name: SiteName, text: z.string().nullable(), isEnabled: z.boolean() }),
  z.object({
    kind: z.literal("containers"),
    /** `spec` is null for one that the broker did not start: how it was is in `inspect-<name>.json` only. */
    containers: z.array(z.object({ name: z.string(), isRunning: z.boolean(), spec: ContainerSpec.nullable() })),
    /** Each in `volume-<name>.tar`. */
    volumes: z.array(DockerName),
    images: z.array(z.string()),
    /** A project whose description is in `compose.json`. */
    project: z.string().nullable(),
  }),
  z.object({
    kind: z.literal("copies"),
    /** Each in `files-<n>.tar`. The name `.`: all that is in the folder. */
    files: z.array(KeptFiles),
    /** Each in `database-<n>.dump`. Without tables: the whole database. */
    databases: z.array(z.object({ name: z.string(), tables: z.array(z.string()) })),
  }),
  /** `installed` and `upgraded` are written when the installation has ended. */
  z.object({
    kind: z.literal("packages"),
    before: z.record(z.string(), z.string()),
    installed: z.array(z.string()),
    upgraded: z.array(z.object({ name: z.string(), from: z.string() })),
  }),
]);
export type Kept = z.infer<typeof Kept>;

export const RootSnapshot = z.object({
  id: SnapshotId,
  at: z.iso.datetime(),
  agent: AgentName.nullable(),
  /** What it was taken before, in one line. */
  action: z.string(),
  kept: Kept,
  /** The daemon's snapshot that it belongs to. */
  of: z.string().optional(),
});
export type RootSnapshot = z.infer<typeof RootSnapshot>;

/** The broker keeps the newest. */
export const KEPT_ROOT_SNAPSHOTS = 50;

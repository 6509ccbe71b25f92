import { z } from "zod";
import { AgentName } from "./agents.ts";
import { Argument, ContainerSpec, DockerName, ImageName, ServiceSpec } from "./containers.ts";
import { WireError } from "./errors.ts";

/**
 * What the broker does as root. One request is one line of JSON, answered by lines of JSON. The input of a request is
 * the input of the agent's tool, byte for byte: an approval is bound to it. So nothing here has a default, and unknown
 * keys are refused.
 */

const UnitName = z
  .string()
  .max(120)
  .regex(/^[A-Za-z0-9][A-Za-z0-9:_.@-]*$/, "is the name of a unit, such as nginx or certbot.timer");

export const SystemdInput = z.strictObject({
  action: z.enum(["status", "start", "stop", "restart", "reload", "enable", "disable"]),
  unit: UnitName,
});
export type SystemdInput = z.infer<typeof SystemdInput>;

export const SiteName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9_-]|\.(?!\.)){0,79}$/, "is lower case letters, digits, -, _ and single dots");

export const NginxInput = z.strictObject({
  request: z.discriminatedUnion("action", [
    z.strictObject({ action: z.literal("test") }),
    z.strictObject({ action: z.literal("reload") }),
    z.strictObject({ action: z.literal("write_site"), name: SiteName, text: z.string().min(1).max(65_536) }),
  ]),
});
export type NginxInput = z.infer<typeof NginxInput>;

export const DockerInput = z.strictObject({
  request: z.discriminatedUnion("action", [
    z.strictObject({ action: z.literal("ps") }),
    z.strictObject({
      action: z.literal("logs"),
      container: DockerName,
      lines: z.number().int().min(1).max(1000).optional(),
    }),
    z.strictObject({ action: z.literal("run"), name: DockerName, container: ContainerSpec }),
    z.strictObject({ action: z.literal("stop"), container: DockerName }),
    z.strictObject({ action: z.literal("rm"), container: DockerName }),
    z.strictObject({ action: z.literal("pull"), image: ImageName }),
    z.strictObject({ action: z.literal("prune"), what: z.enum(["containers", "images", "volumes"]) }),
    z.strictObject({
      action: z.literal("compose_up"),
      project: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, "is lower case letters, digits, - and _"),
      services: z
        .record(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/), ServiceSpec)
        .refine((services) => Object.keys(services).length > 0, "names at least one service"),
    }),
    z.strictObject({
      action: z.literal("compose_down"),
      project: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, "is lower case letters, digits, - and _"),
    }),
  ]),
});
export type DockerInput = z.infer<typeof DockerInput>;

export const PackagesInput = z.strictObject({
  action: z.literal("install"),
  /** `name-` would remove, `name=1.0` and `./file.deb` would bring something else: none of them is a name. */
  names: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9.+-]{0,99}(?<!-)$/, "is the name of a Debian package"))
    .min(1)
    .max(50),
});
export type PackagesInput = z.infer<typeof PackagesInput>;

export const RunAsRootInput = z.strictObject({
  argv: z
    .array(Argument)
    .min(1)
    .max(200)
    .refine(([program]) => /^[A-Za-z0-9_/][A-Za-z0-9_./+@-]*$/.test(program ?? ""), "begins with a program"),
  reason: z.string().max(2000),
  timeoutSeconds: z.number().int().min(1).max(3600).optional(),
});
export type RunAsRootInput = z.infer<typeof RunAsRootInput>;

/** Also the name of the snapshot's folder. */
export const SnapshotId = z.string().regex(/^[0-9]{8}T[0-9]{6}-[0-9a-f]{8}$/, "is the id of a snapshot");

export const SnapshotsInput = z.strictObject({
  request: z.discriminatedUnion("action", [
    z.strictObject({ action: z.literal("list") }),
    z.strictObject({ action: z.literal("restore"), id: SnapshotId }),
  ]),
});
export type SnapshotsInput = z.infer<typeof SnapshotsInput>;

/**
 * The daemon's alone, no tool of agents: copies by root of files that are not all an agent's own, for a snapshot of the
 * daemon, whose id is `of`. An agent's console could not give them back to their owners.
 */
export const OwnedCopiesInput = z.strictObject({
  request: z.discriminatedUnion("action", [
    z.strictObject({
      action: z.literal("keep"),
      of: z.string().min(1).max(200),
      agent: AgentName,
      files: z.array(z.string().startsWith("/").max(4096)).max(1000),
      repositories: z.array(z.string().startsWith("/").max(4096)).max(100),
    }),
    z.strictObject({ action: z.literal("restore"), of: z.string().min(1).max(200) }),
  ]),
});
export type OwnedCopiesInput = z.infer<typeof OwnedCopiesInput>;

/** The tools that the broker stands behind, with what each takes. */
export const BROKER_TOOLS = {
  systemd: SystemdInput,
  nginx: NginxInput,
  docker: DockerInput,
  packages: PackagesInput,
  run_as_root: RunAsRootInput,
  snapshots: SnapshotsInput,
} as const;

export const BrokerCall = z.discriminatedUnion("tool", [
  z.strictObject({ tool: z.literal("systemd"), input: SystemdInput }),
  z.strictObject({ tool: z.literal("nginx"), input: NginxInput }),
  z.strictObject({ tool: z.literal("docker"), input: DockerInput }),
  z.strictObject({ tool: z.literal("packages"), input: PackagesInput }),
  z.strictObject({ tool: z.literal("run_as_root"), input: RunAsRootInput }),
  z.strictObject({ tool: z.literal("snapshots"), input: SnapshotsInput }),
  z.strictObject({ tool: z.literal("owned_copies"), input: OwnedCopiesInput }),
]);
export type BrokerCall = z.infer<typeof BrokerCall>;

/** The first line. `agent` must be who the caller's user id says; null for the daemon, which speaks for a person. */
export const BrokerRequest = z.strictObject({ agent: AgentName.nullable(), call: BrokerCall });
export type BrokerRequest = z.infer<typeof BrokerRequest>;

/** The lines of an answer. Closing the connection before the result stops what can be stopped. */
export const BrokerReply = z.discriminatedUnion("type", [
  /** From here on the action may have had an effect. */
  z.object({ type: z.literal("accepted") }),
  /** What is being done, for people. */
  z.object({ type: z.literal("progress"), text: z.string() }),
  z.object({ type: z.literal("output"), text: z.string() }),
  z.object({ type: z.literal("done"), text: z.string(), snapshot: SnapshotId.nullable() }),
  z.object({ type: z.literal("failed"), error: WireError, snapshot: SnapshotId.nullable() }),
]);
export type BrokerReply = z.infer<typeof BrokerReply>;

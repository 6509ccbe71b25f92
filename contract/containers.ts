import { z } from "zod";

/**
 * All that an agent may say about a container. What is not here cannot be asked for: no privileges, capabilities,
 * devices, host namespaces or networks, and of the host's folders only the two that agents work in.
 */

const NUL = "\0";

/** One word of a command line or a value: any text without NUL. */
export const Argument = z
  .string()
  .max(32_768)
  .refine((text) => !text.includes(NUL), "holds a NUL character");

/** Of a container, a volume or a project. */
export const DockerName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, "is letters, digits, _, . and -");

/** `host` and `container:…` would share what belongs to others. */
const NetworkName = DockerName.refine((name) => name.toLowerCase() !== "host", "is never the host's network");

export const ImageName = z
  .string()
  .max(255)
  .regex(
    /^[a-z0-9][a-z0-9._-]*(?::[0-9]{1,5})?(?:\/[a-z0-9][a-z0-9._-]*)*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/,
    "is a name such as nginx:1.27 or ghcr.io/team/app@sha256:…",
  );

const containerPath = z
  .string()
  .max(512)
  .regex(/^\/[A-Za-z0-9_./-]+$/, "is an absolute path of plain characters")
  .refine((path) => !path.split("/").includes(".."), "has no ..");

/** Under the workspace or the web root, never above or beside them. */
const HostFolder = z
  .string()
  .max(512)
  .regex(/^\/(?:workspace|var\/www)(?:\/[A-Za-z0-9_.-]+)*$/, "is a folder in /workspace or /var/www")
  .refine((path) => !path.split("/").some((part) => part === ".." || part === "."), "has no . or ..");

const Mount = z.union([
  z.strictObject({ volume: DockerName, at: containerPath, readOnly: z.boolean().optional() }),
  z.strictObject({ folder: HostFolder, at: containerPath, readOnly: z.boolean().optional() }),
]);

/** Published on this machine's loopback only; nginx carries it to the outside. */
const PublishedPort = z.strictObject({
  host: z.number().int().min(1024).max(65_535),
  container: z.number().int().min(1).max(65_535),
  protocol: z.enum(["tcp", "udp"]).optional(),
});

export const ServiceSpec = z.strictObject({
  image: ImageName,
  command: z.array(Argument).max(100).optional(),
  environment: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/), Argument).optional(),
  ports: z.array(PublishedPort).max(20).optional(),
  mounts: z.array(Mount).max(20).optional(),
  restart: z.enum(["no", "on-failure", "unless-stopped", "always"]).optional(),
  memoryMb: z.number().int().min(16).max(1_048_576).optional(),
  cpus: z.number().min(0.1).max(256).optional(),
});
export type ServiceSpec = z.infer<typeof ServiceSpec>;

export const ContainerSpec = ServiceSpec.extend({ network: NetworkName.optional() });
export type ContainerSpec = z.infer<typeof ContainerSpec>;

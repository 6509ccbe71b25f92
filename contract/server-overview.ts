import { z } from "zod";

export const ServiceState = z.enum(["active", "starting", "inactive", "failed"]);
export type ServiceState = z.infer<typeof ServiceState>;

export const ServerService = z.object({
  /** Such as `nginx.service`. */
  unit: z.string(),
  /** In the server's own words. */
  description: z.string(),
  state: ServiceState,
});
export type ServerService = z.infer<typeof ServerService>;

export const ServerCertificate = z.object({
  /** The first name it is for, and all of them. */
  name: z.string(),
  names: z.array(z.string()),
  path: z.string(),
  expiresAt: z.iso.datetime(),
});
export type ServerCertificate = z.infer<typeof ServerCertificate>;

export const OpenPort = z.object({
  protocol: z.enum(["tcp", "udp"]),
  port: z.number().int(),
  /** The program that listens; empty when the kernel does not say. */
  program: z.string(),
  /** Listens on this machine's own addresses alone. */
  loopback: z.boolean(),
});
export type OpenPort = z.infer<typeof OpenPort>;

/** How a server is at a moment, read in one round trip. Sizes in megabytes, times in ISO 8601. */
export const ServerOverview = z.object({
  readAt: z.iso.datetime(),
  bootedAt: z.iso.datetime(),
  /** Null for what is not installed. `daemon` is the id of the release that runs. */
  versions: z.object({
    system: z.string(),
    kernel: z.string(),
    daemon: z.string().nullable(),
    node: z.string().nullable(),
    postgres: z.string().nullable(),
    redis: z.string().nullable(),
    nginx: z.string().nullable(),
  }),
  /** The id of the release that this app brings. */
  appRelease: z.string(),
  /** Those that the team stands on, and every other one that failed. */
  services: z.array(ServerService),
  disks: z.array(z.object({ path: z.string(), sizeMb: z.number(), freeMb: z.number() })),
  memory: z.object({ totalMb: z.number(), availableMb: z.number(), swapMb: z.number(), swapFreeMb: z.number() }),
  /** Of enabled sites and of certbot, the first to expire first. */
  certificates: z.array(ServerCertificate),
  packages: z.object({
    /** Packages with an update, security updates among them. */
    updates: z.number().int(),
    security: z.number().int(),
    /** When the server last read the lists this is counted by; null when it never has. */
    listsReadAt: z.iso.datetime().nullable(),
    rebootNeeded: z.boolean(),
  }),
  ports: z.array(OpenPort),
  /** Who may log in with a shell. */
  logins: z.array(z.string()),
  hostKeys: z.array(z.object({ algorithm: z.string(), bits: z.number().int(), fingerprint: z.string() })),
});
export type ServerOverview = z.infer<typeof ServerOverview>;

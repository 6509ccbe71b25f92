import { z } from "zod";
import { api } from "./api-base.ts";
import { attention } from "./attention.ts";
import { auditCheck } from "./audit-check.ts";
import { local } from "./local.ts";
import { provision } from "./provision.ts";
import { servers } from "./servers.ts";

export const HostInfo = z.object({
  version: z.string(),
  shell: z.enum(["electron", "browser", "cli"]),
  platform: z.string(),
  /** Whether passphrases can be kept in the keychain of the operating system. */
  keychain: z.boolean(),
});
export type HostInfo = z.infer<typeof HostInfo>;

const app = {
  info: api.output(HostInfo),
};

/** Answered by the host, in every shell. */
export const HostApi = { app, attention, audit: auditCheck, local, provision, servers };

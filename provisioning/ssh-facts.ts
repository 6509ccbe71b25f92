import { z } from "zod";
import { WANTED_SETTINGS, WEAK_ALGORITHMS } from "./files/ssh-settings.ts";

/** What `sshd` itself says that it goes by, whatever its files say. */
export const SshFacts = z.object({
  /** Values by keyword, in lower case, as `sshd -T` prints them. */
  settings: z.record(z.string(), z.string()),
  /** `AllowUsers`; empty when everybody may log in. */
  allowed: z.array(z.string()),
  /** Where `sshd` listens. */
  ports: z.array(z.number()),
  /** Accounts of people who have keys to log in with. */
  people: z.array(z.string()),
  /** New settings wait for being confirmed, or for being put back. */
  isArmed: z.boolean(),
});
export type SshFacts = z.infer<typeof SshFacts>;

export const AdminFacts = z.object({
  exists: z.boolean(),
  /** Made by provisioning, not found on the server. */
  isOurs: z.boolean(),
  hasKeys: z.boolean(),
  loginHasKeys: z.boolean(),
  /** The login is root, or becomes root without a password. */
  loginIsRoot: z.boolean(),
});
export type AdminFacts = z.infer<typeof AdminFacts>;

export const SSH_KEYWORDS: readonly string[] = [...Object.keys(WANTED_SETTINGS), ...Object.keys(WEAK_ALGORITHMS)].map(
  (keyword) => keyword.toLowerCase(),
);

type AllValues = (name: string) => readonly string[];

export function toSsh(all: AllValues): SshFacts {
  const settings = all("ssh.setting").map((line) => {
    const [keyword = "", ...value] = line.split(" ");
    return [keyword, value.join(" ")];
  });
  return {
    settings: Object.fromEntries(settings),
    allowed: [...all("ssh.allowed")],
    ports: all("ssh.port").map(Number),
    people: [...all("ssh.person")],
    isArmed: all("ssh.armed").length > 0,
  };
}

export function toAdmin(all: AllValues): AdminFacts {
  const has = (name: string) => all(`admin.${name}`).length > 0;
  return {
    exists: has("exists"),
    isOurs: has("ours"),
    hasKeys: has("hasKeys"),
    loginHasKeys: has("loginHasKeys"),
    loginIsRoot: has("loginIsRoot"),
  };
}

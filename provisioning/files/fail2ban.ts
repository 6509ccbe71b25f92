import { FAIL2BAN_JAIL } from "../layout.ts";
import type { OurFile } from "./our-files.ts";
import { ownAddresses, sshPorts, type WaysIn } from "./ways-in.ts";

/** What this machine says to itself is no guess. */
const LOOPBACK = ["127.0.0.0/8", "::1"];

/** What the jail depends on. */
export interface JailBefore extends WaysIn {
  readonly fail2ban: { readonly ignored: readonly string[] };
}

/** Addresses and networks of people, which are never banned. */
export function neverBanned({ fail2ban: { ignored }, connection }: JailBefore): readonly string[] {
  const known = ignored.filter((address) => !LOOPBACK.includes(address));
  return ownAddresses(known, connection.client);
}

/**
 * Read from the journal, since a server may have no other log, and only what root's processes of the SSH service say:
 * an agent could write in the name of `sshd`. Without `aggressive`, wrong keys are not counted.
 */
export function jailFile(before: JailBefore): OurFile {
  return {
    path: FAIL2BAN_JAIL,
    mode: "644",
    text: `# Written by AI Infrastructure.
[sshd]
enabled = true
backend = systemd
journalmatch = _SYSTEMD_UNIT=ssh.service _UID=0 + _SYSTEMD_UNIT=sshd.service _UID=0
mode = aggressive
port = ${sshPorts(before).join(",")}
banaction = nftables
banaction_allports = nftables[type=allports]
ignoreip = ${[...LOOPBACK, ...neverBanned(before)].join(" ")}
maxretry = 5
findtime = 10m
bantime = 1h
`,
  };
}

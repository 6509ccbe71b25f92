import { FAIL2BAN_JAIL, LOGGED_IN_LATELY } from "../layout.ts";
import type { OurFile } from "./our-files.ts";
import { sshPorts, type WaysIn } from "./ways-in.ts";

/**
 * Read from the journal, since a server may have no other log, and only what root's processes of the SSH service say:
 * an agent could write in the name of `sshd`. Without `aggressive`, wrong keys are not counted. What this machine says
 * to itself is no guess.
 */
export function jailFile(before: WaysIn): OurFile {
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
ignoreip = 127.0.0.0/8 ::1
ignorecommand = ${LOGGED_IN_LATELY} "<ip>"
maxretry = 5
findtime = 10m
bantime = 1h
`,
  };
}

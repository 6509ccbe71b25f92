import type { WireError } from "../contract/errors.ts";
import type { Facts } from "./facts.ts";
import type { Release } from "./wanted.ts";

/** Distributions whose packages and systemd have been tried, by `ID` and `VERSION_ID`. */
const SUPPORTED: Readonly<Record<string, readonly string[]>> = { debian: ["12", "13"], ubuntu: ["24.04"] };

/** Reasons why this server cannot be provisioned as it is; `neededMb` is the room that the needed steps take. */
export function findBlockers(facts: Facts, release: Release, neededMb: number): readonly WireError[] {
  return [...unsupported(facts, release), ...withoutRoot(facts), ...fullDisks(facts, neededMb)];
}

function unsupported({ distribution, architecture, systemd }: Facts, release: Release): WireError[] {
  const found: WireError[] = [];
  const block = (message: string, hint: string) => found.push({ code: "provision.unsupported", message, hint });
  if (!SUPPORTED[distribution.id]?.includes(distribution.version)) {
    block(`${distribution.name} is not supported`, "Use a server with Debian 12, Debian 13 or Ubuntu 24.04.");
  }
  if (architecture !== release.architecture) {
    block(`The processor is ${architecture}`, `This app brings programs for ${release.architecture} servers.`);
  }
  if (!systemd) {
    block("The server was not started by systemd", "Use a virtual or real machine instead of a plain container.");
  }
  return found;
}

/** Whoever cannot become root can neither provision nor take it back. */
export function withoutRoot({ root, sudoRefused, user }: Facts): WireError[] {
  if (sudoRefused) {
    const message = `sudo refused the password of ${user}`;
    return [
      { code: "provision.sudo_password_wrong", message, hint: `Give the password of ${user} on the server again.` },
    ];
  }
  if (root === "sudo_password") {
    const message = `${user} needs a password for sudo`;
    return [{ code: "provision.sudo_password_needed", message, hint: "Give the password; it is kept in memory only." }];
  }
  if (root === "none") {
    const message = `${user} may not use sudo`;
    return [{ code: "provision.no_sudo", message, hint: `Log in as root, or add ${user} to the group sudo.` }];
  }
  return [];
}

function fullDisks({ disks }: Facts, neededMb: number): WireError[] {
  const [folder, free] = Object.entries(disks).sort(([, a], [, b]) => a - b)[0] ?? ["/", 0];
  if (free >= neededMb) return [];
  const message = `${folder} has ${free} MB free, ${neededMb} MB are needed`;
  return [
    {
      code: "provision.disk_full",
      message,
      hint: `Free some space in ${folder} or use a larger disk, then try again.`,
    },
  ];
}

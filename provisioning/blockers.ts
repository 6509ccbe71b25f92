import type { WireError } from "../contract/errors.ts";
import type { Facts } from "./facts.ts";
import { POSTGRES } from "./layout.ts";
import type { Preflight } from "./preflight.ts";
import type { Release } from "./wanted.ts";

/** Distributions whose packages and systemd are known to fit, by `ID` and `VERSION_ID`. */
const SUPPORTED: Readonly<Record<string, readonly string[]>> = { debian: ["12", "13"], ubuntu: ["22.04", "24.04"] };
const USE_SUPPORTED = "Use a server with Debian 12 or 13, or Ubuntu 22.04 or 24.04.";

/** A machine sold with 2 GB shows less: firmware and kernel keep some. */
const LEAST_MEMORY_MB = 1700;

/** Reasons why this server cannot be provisioned as it is; `neededMb` is the room that the needed steps take. */
export function findBlockers(facts: Facts, release: Release, neededMb: number): readonly WireError[] {
  const { root } = facts;
  const asRoot = root === "login" || root === "sudo" ? [...takenPorts(facts.preflight), ...servicesInUse(facts)] : [];
  return [
    ...unsupported(facts, release),
    ...withoutRoot(facts),
    ...fullDisks(facts, neededMb),
    ...wrongClock(facts.preflight),
    ...unreachableMirror(facts.preflight),
    ...asRoot,
  ];
}

function unsupported({ distribution, architecture, systemd, memoryMb }: Facts, release: Release): WireError[] {
  const found: WireError[] = [];
  const block = (message: string, hint: string) => found.push({ code: "provision.unsupported", message, hint });
  if (!SUPPORTED[distribution.id]?.includes(distribution.version)) {
    block(`${distribution.name} is not supported`, USE_SUPPORTED);
  }
  if (architecture !== release.architecture) {
    block(`The processor is ${architecture}`, `This app brings programs for ${release.architecture} servers.`);
  }
  if (memoryMb < LEAST_MEMORY_MB) {
    block(`The server has ${memoryMb} MB of memory`, "Use a server with 2 GB of memory or more.");
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

/** More than this, and signatures and certificates are judged wrongly. */
const CLOCK_TOLERANCE_S = 300;

function wrongClock({ clockAheadS }: Preflight): WireError[] {
  if (Math.abs(clockAheadS) <= CLOCK_TOLERANCE_S) return [];
  const minutes = Math.round(Math.abs(clockAheadS) / 60);
  const message = `The server's clock is ${minutes} minutes ${clockAheadS > 0 ? "ahead of" : "behind"} this computer's`;
  const hint = "Run `timedatectl set-ntp true` on the server, or set this computer's clock if that is the wrong one.";
  return [{ code: "provision.clock_wrong", message, hint }];
}

const NO_NAMES = /resolv/i;

function unreachableMirror({ mirror: { uri, failure } }: Preflight): WireError[] {
  if (failure === "") return [];
  if (NO_NAMES.test(failure)) {
    const message = `The server cannot resolve the name in ${uri}`;
    const hint = "Look at /etc/resolv.conf on the server: it names no DNS server that answers.";
    return [{ code: "provision.dns_failed", message, hint, details: failure }];
  }
  const message = `The server does not reach its package mirror ${uri}`;
  const hint = "Look at the server's network, its firewall, and the mirror in /etc/apt/sources.list.";
  return [{ code: "provision.mirror_unreachable", message, hint, details: failure }];
}

/** Ports that are needed here, and the program that may hold them already when a package brought it. */
const NEEDED_PORTS: Readonly<Record<string, { readonly program: string; readonly use: string }>> = {
  "80": { program: "nginx", use: "the web server" },
  "443": { program: "nginx", use: "the web server" },
  "5432": { program: "postgres", use: "the database" },
  "6379": { program: "redis-server", use: "live events" },
};

function takenPorts({ listening, packaged }: Preflight): WireError[] {
  return Object.entries(NEEDED_PORTS).flatMap(([port, { program, use }]) => {
    const holder = listening[port];
    if (holder === undefined || (holder === program && packaged.includes(program))) return [];
    const who = holder === "-" ? "another program" : holder;
    const which = holder === program ? `${who} that no package brought` : who;
    const message = `Port ${port}, needed for ${use}, is taken by ${which}`;
    const hint = "Stop it, or move it to another port, then try again. It was left as it is.";
    return [{ code: "provision.port_taken", message, hint }];
  });
}

/** What runs here already is adopted where that leaves it working, and refused otherwise. */
function servicesInUse({ preflight, postgres, redis, web, packagesInterrupted }: Facts): WireError[] {
  const found: WireError[] = [];
  const block = (message: string, hint: string) => found.push({ code: "provision.service_in_use", message, hint });
  if (!redis.included && preflight.redisInUse !== "no") {
    const why = preflight.redisInUse === "keys" ? "holds keys of somebody else" : "asks for a password";
    block(
      `A Redis that ${why} runs on this server`,
      "The team needs Redis for itself: move that one, or use another server.",
    );
  }
  if (postgres.trusts) {
    block(
      "PostgreSQL on this server lets everybody in as whom they say they are",
      "Put peer or scram-sha-256 in the place of trust in its pg_hba.conf: each agent could read everything.",
    );
  }
  if (postgres.port !== null && postgres.port !== POSTGRES.port) {
    block(
      `PostgreSQL on this server listens on port ${postgres.port}, the team reaches it on ${POSTGRES.port}`,
      `Set port = ${POSTGRES.port} in its postgresql.conf and restart it, or use another server; it was left as it is.`,
    );
  }
  if (web.version === "") return found;
  if (!web.packaged) {
    block(
      `nginx ${web.version} was not installed from a package`,
      "Remove it or use another server; it was left as it is.",
    );
  }
  // Its configuration comes last, when the interrupted installation is finished.
  if (packagesInterrupted) return found;
  if (!web.valid) {
    block("nginx does not accept its present configuration", "Run `nginx -t` on the server and correct what it names.");
  }
  if (!web.readsSites) {
    const missing = "include /etc/nginx/conf.d/*.conf; and include /etc/nginx/sites-enabled/*;";
    block("The configuration of nginx does not read conf.d and sites-enabled", `Add to its http block: ${missing}`);
  }
  return found;
}

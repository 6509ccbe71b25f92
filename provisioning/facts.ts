import { z } from "zod";
import { AppError } from "../contract/errors.ts";
import { SEALING } from "./commands/credentials.ts";
import type { ServerFacts, Wishes } from "../contract/provision.ts";
import { DockerFacts, toDocker } from "./docker-facts.ts";
import { ABOUT_UNITS, type Lines, parseLines, PRINT, toRecord } from "./fact-lines.ts";
import { PackageUpdates, toPackageUpdates } from "./package-updates.ts";
import { PostgresFacts, toPostgres } from "./postgres-facts.ts";
import { Fail2banFacts, toFail2ban } from "./fail2ban-facts.ts";
import { FirewallFacts, toFirewall } from "./firewall-facts.ts";
import { Preflight, toPreflight } from "./preflight.ts";
import { QdrantFacts, toQdrant } from "./qdrant.ts";
import { SandboxFacts, toSandbox } from "./sandbox-facts.ts";
import { AdminFacts, SshFacts, toAdmin, toSsh } from "./ssh-facts.ts";
import { PROBES } from "./probes.ts";
import type { ProbeName } from "./probes.ts";
import { asRoot, command } from "./shell.ts";
import type { RunOptions, Shell } from "./shell.ts";
import { toUpkeep, Upkeep } from "./upkeep.ts";
import { toWeb, Web } from "./web.ts";

const PathFact = z.object({ owner: z.string(), mode: z.string(), sha256: z.string().nullable() });
const UnitFact = z.object({ active: z.boolean(), enabled: z.boolean() });

/** Everything the steps decide by, read from the server in one round trip. */
export const Facts = z.object({
  user: z.string(),
  /** How the app itself signed in: what it signed in with must stay good. */
  signedInWith: z.enum(["key", "password", "nothing"]),
  /** As the server sees it: where this login comes from, empty on the server itself, and the port it came to, or 0. */
  connection: z.object({ client: z.string(), port: z.number() }),
  root: z.enum(["login", "sudo", "sudo_password", "none"]),
  /** The password that was given for sudo is not the right one. */
  sudoRefused: z.boolean(),
  distribution: z.object({ id: z.string(), version: z.string(), name: z.string() }),
  architecture: z.string(),
  kernel: z.string(),
  cores: z.number(),
  memoryMb: z.number(),
  systemd: z.boolean(),
  /** Secrets can be stored so that only this machine reads them. */
  canEncrypt: z.boolean(),
  /** Free megabytes by folder. */
  disks: z.record(z.string(), z.number()),
  preflight: Preflight,
  packages: z.array(z.string()),
  /** An earlier package installation was killed half-way. */
  packagesInterrupted: z.boolean(),
  /** Null when nobody asked for it: finding out takes apt a second. */
  packageUpdates: PackageUpdates.nullable(),
  groups: z.array(z.string()),
  /** Groups by user, the primary one first. */
  users: z.record(z.string(), z.array(z.string())),
  /** Of our folders and files, those that exist. */
  paths: z.record(z.string(), PathFact),
  /** What `current` points to, and the SHA-256 of what is in it. */
  release: z.object({
    folder: z.string(),
    node: z.string(),
    daemon: z.string(),
    /** Folders of all releases that are there whole. */
    kept: z.array(z.string()),
    /** The folder of the release that an upgrade began from which has not ended; empty otherwise. */
    upgradeFrom: z.string(),
  }),
  /** SHA-256 of what is there of the model of the memory, by the name of the file. */
  memoryModel: z.record(z.string(), z.string()),
  postgres: PostgresFacts,
  redis: z.object({ included: z.boolean(), configured: z.boolean(), credential: z.boolean() }),
  web: Web,
  upkeep: Upkeep,
  docker: DockerFacts,
  sandbox: SandboxFacts,
  qdrant: QdrantFacts,
  ssh: SshFacts,
  firewall: FirewallFacts,
  fail2ban: Fail2banFacts,
  admin: AdminFacts,
  units: z.record(z.string(), UnitFact),
  /** What the running services were started with. */
  applied: z.array(z.string()),
  /** The present `daemon.json`, empty when there is none. */
  daemonConfig: z.string(),
  daemonHealthy: z.boolean(),
});
export type Facts = z.infer<typeof Facts>;

/** Those that take long. They print single short lines, which a pipe never mixes up; they come last. */
const AT_THE_SAME_TIME: ReadonlySet<ProbeName> = new Set([
  "packages",
  "packageUpdates",
  "preflight",
  "release",
  "memoryModel",
  "postgres",
  "redis",
  "web",
  "upkeep",
  "docker",
  "sandbox",
  "qdrant",
  "ssh",
  "firewall",
  "fail2ban",
  "admin",
  "services",
]);

const ALL = Object.keys(PROBES) as ProbeName[];

interface ReadOptions extends RunOptions {
  /** What is wished may need to be known first. */
  readonly wishes?: Wishes;
}

/** Says who the login is, then runs the probes as root when that needs no password. */
const AS_WHO = `
${PRINT}
p user "$(id -un)"; p connection "$SSH_CONNECTION"
if [ "$(id -u)" = 0 ]; then p root login; exec sh -c "$1"; fi
if sudo -n true 2>/dev/null; then p root sudo; exec sudo -n sh -c "$1"; fi
case " $(id -nG) " in *" sudo "* | *" wheel "* | *" admin "*) p root sudo_password ;; *) p root none ;; esac
exec sh -c "$1"
`;

/** One round trip, two when sudo needs a password that the shell was given. */
export async function readFacts(shell: Shell, { wishes = {}, ...options }: ReadOptions = {}): Promise<Facts> {
  const script = probeScript(ALL.filter((name) => name !== "packageUpdates" || wishes.packageUpdates));
  const first = await shell.run(command("sh", "-c", AS_WHO, "sh", script), options);
  const lines = parseLines(first.stdout);
  const login: Lines = new Map([
    ["login", [shell.signedInWith]],
    ["connection", lines.get("connection") ?? []],
  ]);
  const facts = toFacts(new Map([...lines, ...login]));
  if (facts.root === "login" || facts.root === "sudo") return facts;
  try {
    const again = await shell.run(asRoot(command("sh", "-c", script)), options);
    return toFacts(new Map([...parseLines(again.stdout), ...login, ["user", [facts.user]], ["root", ["sudo"]]]));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === "provision.no_sudo") return { ...facts, root: "none" };
    if (error.code === "provision.sudo_password_needed") return facts;
    if (error.code === "provision.sudo_password_wrong") return { ...facts, root: "sudo_password", sudoRefused: true };
    throw error;
  }
}

/** Reads again what the named probes see, and how the app signs in now. Needs root. */
export async function refreshFacts(
  shell: Shell,
  known: Facts,
  options: RunOptions & { readonly probes: readonly ProbeName[] },
): Promise<Partial<Facts>> {
  const result = await shell.run(asRoot(command("sh", "-c", probeScript(options.probes))), options);
  const all = toFacts(new Map([...parseLines(result.stdout), ["user", [known.user]], ["root", [known.root]]]));
  const seen = new Set<string>(options.probes.flatMap((probe) => FIELDS[probe]));
  const fresh = Object.fromEntries(Object.entries(all).filter(([field]) => seen.has(field)));
  return { ...fresh, signedInWith: shell.signedInWith };
}

const FIELDS: Readonly<Record<ProbeName, readonly (keyof Facts)[]>> = {
  system: ["distribution", "architecture", "kernel", "cores", "memoryMb", "systemd", "canEncrypt", "disks"],
  preflight: ["preflight"],
  packages: ["packages", "packagesInterrupted"],
  packageUpdates: ["packageUpdates"],
  accounts: ["groups", "users"],
  paths: ["paths", "daemonConfig"],
  release: ["release"],
  memoryModel: ["memoryModel"],
  postgres: ["postgres"],
  redis: ["redis"],
  web: ["web"],
  upkeep: ["upkeep"],
  docker: ["docker"],
  sandbox: ["sandbox"],
  qdrant: ["qdrant"],
  ssh: ["ssh"],
  firewall: ["firewall"],
  fail2ban: ["fail2ban"],
  admin: ["admin"],
  services: ["units", "applied", "daemonHealthy"],
};

export function toServerFacts(facts: Facts): ServerFacts {
  const { architecture, kernel, cores, memoryMb, user, root } = facts;
  const freeDiskMb = Math.min(...Object.values(facts.disks));
  return { system: facts.distribution.name, architecture, kernel, cores, memoryMb, freeDiskMb, user, root };
}

function probeScript(names: readonly ProbeName[]): string {
  const start = `export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n${PRINT}\n${ABOUT_UNITS}${SEALING}`;
  const script = (name: ProbeName) => (AT_THE_SAME_TIME.has(name) ? `{\n${PROBES[name]}\n} &` : PROBES[name]);
  const inOrder = names.toSorted(
    (one, other) => Number(AT_THE_SAME_TIME.has(one)) - Number(AT_THE_SAME_TIME.has(other)),
  );
  return `${start}${inOrder.map(script).join("\n")}\nwait\np end yes\n`;
}

function toFacts(lines: Lines): Facts {
  if (!lines.has("end")) {
    throw new AppError("provision.unsupported", "The server did not answer the questions about itself", {
      hint: "Log in with SSH by hand and see whether a plain shell comes up without questions.",
    });
  }
  const all = (name: string) => lines.get(name) ?? [];
  return Facts.parse({
    ...toMachine(lines),
    sudoRefused: false,
    preflight: toPreflight(lines, Date.now()),
    groups: all("group"),
    users: toRecord(all("user.groups"), (groups) => groups),
    paths: toPaths(all("path"), all("sha256")),
    ...toInstalled(lines),
    web: toWeb(lines),
    upkeep: toUpkeep(lines),
    docker: toDocker(lines),
    sandbox: toSandbox(lines),
    qdrant: toQdrant(lines),
    ssh: toSsh(all),
    firewall: toFirewall(lines),
    fail2ban: toFail2ban(lines),
    admin: toAdmin(all),
    units: toRecord(all("unit"), ([active, enabled]) => ({
      active: active === "active",
      enabled: enabled === "enabled",
    })),
    applied: all("applied"),
    daemonConfig: all("config").join("\n"),
    daemonHealthy: lines.has("healthy"),
  });
}

function toMachine(lines: Lines) {
  const one = (name: string) => lines.get(name)?.[0] ?? "";
  return {
    user: one("user"),
    signedInWith: one("login") || "nothing",
    connection: toConnection(one("connection")),
    root: one("root"),
    distribution: { id: one("os.id"), version: one("os.version"), name: one("os.name") },
    architecture: one("architecture"),
    kernel: one("kernel"),
    cores: Number(one("cores")),
    memoryMb: Math.round(Number(one("memoryKb")) / 1024),
    systemd: lines.has("systemd"),
    canEncrypt: lines.has("canEncrypt"),
    disks: toRecord(lines.get("disk") ?? [], ([free]) => Number(free)),
  };
}

/** The words of `SSH_CONNECTION`. */
function toConnection(line: string): Facts["connection"] {
  const [client = "", , , port = "0"] = line.split(" ");
  return { client, port: Number(port) };
}

function toInstalled(lines: Lines) {
  const one = (name: string) => lines.get(name)?.[0] ?? "";
  const has = (name: string) => lines.has(name);
  return {
    packages: lines.get("package") ?? [],
    packagesInterrupted: has("dpkg.interrupted"),
    packageUpdates: toPackageUpdates(lines),
    release: {
      folder: one("release.folder"),
      node: sum(one("release.node")),
      daemon: sum(one("release.daemon")),
      kept: lines.get("release.kept") ?? [],
      upgradeFrom: one("release.upgradeFrom"),
    },
    memoryModel: Object.fromEntries(
      (lines.get("memoryModel") ?? []).map((line) => [line.slice(66), line.slice(0, 64)]),
    ),
    postgres: toPostgres(lines),
    redis: {
      included: has("redis.included"),
      configured: has("redis.configured"),
      credential: has("redis.credential"),
    },
  };
}

/** The sum in a line of `sha256sum`. */
function sum(line: string): string {
  return line.slice(0, 64);
}

function toPaths(stats: readonly string[], sums: readonly string[]): Facts["paths"] {
  const sha256 = new Map(sums.map((line) => [line.slice(66), line.slice(0, 64)]));
  const paths = toRecord(stats, ([owner = "", mode = ""]) => ({ owner, mode }));
  return Object.fromEntries(
    Object.entries(paths).map(([path, fact]) => [path, { ...fact, sha256: sha256.get(path) ?? null }]),
  );
}

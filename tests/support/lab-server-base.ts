import { createHash } from "node:crypto";
import { copyFile, link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { PACKAGE_NAMES } from "../../provisioning/packages.ts";
import { mustRun, run } from "./lab-server-run.ts";
import { readPackageSources, sourcesList } from "./lab-server-sources.ts";

/** Debian releases that a lab server can have: 12 and 13. */
export type LabRelease = "bookworm" | "trixie";

/** What a freshly rented Debian server has, and no more. */
const PACKAGES = "systemd,systemd-sysv,dbus,openssh-server,sudo,iproute2,ca-certificates,python3,procps".split(",");

const NEEDED_PROGRAMS = {
  debootstrap: "debootstrap",
  "systemd-nspawn": "systemd-container",
  nft: "nftables",
  ip: "iproute2",
  "ssh-keygen": "openssh-client",
  pgrep: "procps",
} as const;

export const labFolder = path.join(
  process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache"),
  "ai-infrastructure-lab",
);
export const keyFile = path.join(labFolder, "key");

/** Makes the tree that lab servers of a release are copied from, once; later calls find it. Gives its folder. */
export async function buildBase(suite: LabRelease = "bookworm"): Promise<string> {
  await installNeeds();
  await mkdir(labFolder, { recursive: true });
  await makeKey();
  const sources = await readPackageSources(suite);
  return await buildOnce(`base-${suite}`, [suite, PACKAGES, sources], async (building) => {
    const include = `--include=${PACKAGES.join(",")}`;
    const bootstrap = ["debootstrap", "--variant=minbase", include, suite, building, sources.mirror];
    await mustRun(bootstrap, { timeoutMs: 900_000 });
    await rm(path.join(building, "etc/apt/sources.list"), { force: true });
    await writeFile(path.join(building, "etc/apt/sources.list"), sourcesList(suite, sources));
    for (const [name, text] of Object.entries(sources.settings)) {
      await writeFile(path.join(building, "etc/apt/apt.conf.d", name), text);
    }
    await mkdir(path.join(building, "root/.ssh"), { recursive: true, mode: 0o700 });
    await copyFile(`${keyFile}.pub`, path.join(building, "root/.ssh/authorized_keys"));
    await mustRun(["sh", "-c", `rm -f "$1"/etc/ssh/ssh_host_* "$1"/var/cache/apt/archives/*.deb`, "sh", building]);
  });
}

/** The same with the packages that provisioning installs, for tests of what comes after. */
export async function buildEquipped(suite: LabRelease = "bookworm"): Promise<string> {
  const base = await buildBase(suite);
  return await buildOnce(`equipped-${suite}`, [path.basename(base), PACKAGE_NAMES], async (building) => {
    await mustRun(["cp", "-a", "--reflink=auto", base, building], { timeoutMs: 120_000 });
    await offerPackages(building);
    const inTree = ["systemd-nspawn", "-q", "-D", building, `--machine=equip-${process.pid}`, "--register=no"];
    const asHost = ["--keep-unit", "--resolv-conf=replace-host", "--pipe"];
    await mustRun([...inTree, ...asHost, "sh", "-euc", INSTALL, "sh", ...PACKAGE_NAMES], { timeoutMs: 900_000 });
    await keepPackages(building);
    await mustRun(["sh", "-c", `rm -f "$1"/etc/ssh/ssh_host_* "$1"/var/cache/apt/archives/*.deb`, "sh", building]);
  });
}

/** No service starts in a tree that is not running. */
const INSTALL = `
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d
export DEBIAN_FRONTEND=noninteractive
apt-get -q update
apt-get -q install -y --no-install-recommends "$@"
# A server has the port to itself; here a PostgreSQL of this machine may have it.
sed -i 's/^port = .*/port = 5432/' /etc/postgresql/*/main/postgresql.conf
rm /usr/sbin/policy-rc.d
`;

/** A folder whose name says what is in it, whole or not there. */
async function buildOnce(name: string, content: unknown, build: (building: string) => Promise<void>): Promise<string> {
  const key = createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 12);
  const built = path.join(labFolder, `${name}-${key}`);
  if (await exists(built)) return built;
  const building = `${built}.building-${process.pid}`;
  try {
    await build(building);
    await rename(building, built).catch(async (failure: unknown) => {
      if (!(await exists(built))) throw failure; // otherwise another process was faster
    });
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  return built;
}

/** Packages that lab servers fetched, kept so that the next ones of the same release need not fetch them again. */
export async function keepPackages(tree: string): Promise<void> {
  const cache = await packageCacheOf(tree);
  if (cache === null) return;
  await mkdir(cache, { recursive: true });
  await linkPackages(path.join(tree, "var/cache/apt/archives"), cache);
}

export async function offerPackages(tree: string): Promise<void> {
  const cache = await packageCacheOf(tree);
  if (cache !== null) await linkPackages(cache, path.join(tree, "var/cache/apt/archives"));
}

/** Null where there is no tree. */
async function packageCacheOf(tree: string): Promise<string | null> {
  const release = await readFile(path.join(tree, "etc/os-release"), "utf8").catch(() => null);
  if (release === null) return null;
  return path.join(labFolder, release.includes("VERSION_CODENAME=trixie") ? "debs-trixie" : "debs");
}

async function linkPackages(from: string, to: string): Promise<void> {
  const names = await readdir(from).catch(() => []);
  const packages = names.filter((name) => name.endsWith(".deb"));
  await Promise.all(packages.map((name) => link(path.join(from, name), path.join(to, name)).catch(ignoreExisting)));
}

function ignoreExisting(failure: NodeJS.ErrnoException): void {
  if (failure.code !== "EEXIST") throw failure;
}

async function makeKey(): Promise<void> {
  if (await exists(keyFile)) return;
  const made = `${keyFile}.${process.pid}`;
  await mustRun(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "lab", "-f", made]);
  await rename(`${made}.pub`, `${keyFile}.pub`);
  await rename(made, keyFile);
}

async function installNeeds(): Promise<void> {
  const missing: string[] = [];
  for (const [program, packageName] of Object.entries(NEEDED_PROGRAMS)) {
    const found = await run(["sh", "-c", `command -v "$1"`, "sh", program]);
    if (found.exitCode !== 0) missing.push(packageName);
  }
  if (missing.length === 0) return;
  const apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"];
  await mustRun([...apt, "update"], { timeoutMs: 300_000 });
  await mustRun([...apt, "install", "-y", "--no-install-recommends", ...missing], { timeoutMs: 600_000 });
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

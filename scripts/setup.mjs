// Brings what the project needs onto this machine: npm packages, and programs from apt. Plain Node 20, no packages.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
export const bin = path.join(root, "node_modules", ".bin");
/** Node 24, which the project runs on whatever the machine has. */
export const node24 = path.join(bin, "node");

/**
 * Programs by the apt package that brings them; any of `programs` will do.
 * @typedef {{ package: string, programs: string[] }} Need
 */

/** @type {Need[]} */
export const teamNeeds = [
  { package: "tmux", programs: ["tmux"] },
  { package: "bubblewrap", programs: ["bwrap"] },
  { package: "redis-server", programs: ["redis-server", "valkey-server"] },
  { package: "htop", programs: ["htop", "btop"] },
];

/** @type {Need[]} */
export const testNeeds = [
  ...teamNeeds,
  { package: "chromium", programs: ["chromium"] },
  { package: "debootstrap", programs: ["debootstrap"] },
  { package: "systemd-container", programs: ["systemd-nspawn"] },
  { package: "nftables", programs: ["nft"] },
  { package: "iproute2", programs: ["ip"] },
  { package: "openssh-client", programs: ["ssh-keygen"] },
  { package: "openssh-server", programs: ["sshd"] },
  { package: "procps", programs: ["ps"] },
  { package: "xz-utils", programs: ["xz"] },
  { package: "git", programs: ["git"] },
  { package: "make", programs: ["make"] },
  { package: "openssl", programs: ["openssl"] },
  { package: "postgresql", programs: ["pg_ctlcluster"] },
  { package: "ripgrep", programs: ["rg"] },
];

/** Runs `npm ci` unless node_modules already matches the lock file. */
export function installPackages() {
  const lock = createHash("sha256")
    .update(readFileSync(path.join(root, "package-lock.json")))
    .digest("hex");
  const stamp = path.join(root, "node_modules", ".installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  console.log("Installing npm packages");
  const run = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (run.status !== 0) fail("npm ci failed", "See its messages above; then run this again.");
  writeFileSync(stamp, lock);
}

/**
 * Installs what is missing when root can be had, and says the one exact command otherwise.
 * @param {Need[]} needs
 */
export function installPrograms(needs) {
  const missing = needs.filter((need) => !need.programs.some(onPath)).map((need) => need.package);
  if (missing.length === 0) return;
  const install = ["apt-get", "install", "-y", "--no-install-recommends", ...missing];
  const prefix = rootPrefix();
  if (prefix === null || !onPath("apt-get")) {
    fail(`Missing programs: ${missing.join(", ")}`, `Run: sudo apt-get update && sudo ${install.join(" ")}`);
  }
  console.log(`Installing from apt: ${missing.join(", ")}`);
  runAsRoot(prefix, ["apt-get", "update", "-qq"]);
  runAsRoot(prefix, ["env", "DEBIAN_FRONTEND=noninteractive", ...install]);
  // Ours are private ones; the package's own service need not run because of us.
  if (missing.includes("redis-server") && existsSync("/run/systemd/system")) {
    spawnSync(
      prefix[0] ?? "systemctl",
      [...prefix.slice(1), ...(prefix[0] ? ["systemctl"] : []), "disable", "--now", "redis-server"],
      { stdio: "ignore" },
    );
  }
}

/** @returns {string[] | null} what to put before a command to run it as root; null when root cannot be had */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  if (!onPath("sudo")) return null;
  if (spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0) return ["sudo", "-n"];
  return process.stdin.isTTY ? ["sudo"] : null;
}

/** @param {string[]} prefix @param {string[]} argv */
function runAsRoot(prefix, argv) {
  const [program = "", ...rest] = [...prefix, ...argv];
  const run = spawnSync(program, rest, { stdio: ["inherit", "ignore", "inherit"] });
  if (run.status !== 0) fail(`${argv.join(" ")} failed`, "See its messages above; then run this again.");
}

/** @param {string} program */
export function onPath(program) {
  const folders = [...(process.env["PATH"] ?? "").split(path.delimiter), "/usr/sbin", "/sbin"];
  return folders.some((folder) => isExecutable(path.join(folder, program)));
}

/** @param {string} file */
export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} what @param {string} hint @returns {never} */
export function fail(what, hint) {
  console.error(`${what}\n${hint}`);
  process.exit(1);
}

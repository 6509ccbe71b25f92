import { spawn } from "node:child_process";
import { openSync, closeSync } from "node:fs";
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import {
  buildBase,
  buildEquipped,
  keepPackages,
  labFolder,
  type LabRelease,
  offerPackages,
} from "./lab-server-base.ts";
import { BRIDGE, joinNetwork, restore } from "./lab-server-network.ts";
import { mustRun, poll, run } from "./lab-server-run.ts";

/** Makes the control groups writable before systemd looks at them, so that MemoryMax= and Docker work inside. */
const LAB_INIT = `#!/bin/sh
for c in /sys/fs/cgroup/*; do mount -o remount,rw,bind "$c" 2>/dev/null; done
mount -o remount,rw /sys/fs/cgroup 2>/dev/null
exec /sbin/init
`;

/** Puts itself into a control group of its own in every hierarchy, then becomes the server: $1 its name, rest its command. */
const IN_OWN_GROUPS = `
name=$1; shift
for c in /sys/fs/cgroup/*/; do
  mkdir -p "$c/ailab-$name" 2>/dev/null || continue
  case $c in */cpuset/) for f in cpus mems; do cat "$c/cpuset.$f" >"$c/ailab-$name/cpuset.$f"; done ;; esac
  echo $$ >"$c/ailab-$name/cgroup.procs" 2>/dev/null || true
done
exec "$@"
`;

/**
 * Removes the control groups of the server $1; fails as long as one of them has a process. One that is left over in one
 * hierarchy only would keep nspawn from making its like in the others, and so from booting.
 */
const WITHOUT_GROUPS = `
find /sys/fs/cgroup/*/"ailab-$1" -depth -type d -exec rmdir {} + 2>/dev/null
for group in /sys/fs/cgroup/*/"ailab-$1"; do [ ! -e "$group" ] || exit 1; done
`;

export function treeOf(name: string): string {
  return path.join(labFolder, "servers", name);
}

/** A fresh copy of the base tree; what a crashed run left under this name is cleaned up first. */
export async function createTree(
  name: string,
  { release, equipped = false }: { readonly release?: LabRelease | undefined; readonly equipped?: boolean | undefined },
): Promise<void> {
  const base = await (equipped ? buildEquipped : buildBase)(release);
  await powerOff(name);
  await removeTree(name);
  const tree = treeOf(name);
  await mkdir(path.dirname(tree), { recursive: true });
  await mustRun(["cp", "-a", "--reflink=auto", base, tree], { timeoutMs: 120_000 });
  await writeFile(path.join(tree, "etc/hostname"), `${name}\n`);
  // Only package mirrors are within reach, wherever the tests run.
  const hosts = `127.0.0.1 localhost\n127.0.1.1 ${name}\n::1 localhost\n127.0.0.1 github.com\n`;
  await writeFile(path.join(tree, "etc/hosts"), hosts);
  await mustRun(["chroot", tree, "ssh-keygen", "-A"]);
  await copyFile("/etc/resolv.conf", path.join(tree, "etc/resolv.conf"));
  await writeFile(path.join(tree, "lab-init"), LAB_INIT);
  await chmod(path.join(tree, "lab-init"), 0o755);
  await offerPackages(tree);
}

export async function removeTree(name: string): Promise<void> {
  await keepPackages(treeOf(name));
  await mustRun(["rm", "-rf", "--one-file-system", treeOf(name)]);
  await rm(`${treeOf(name)}.log`, { force: true });
}

/** Boots the server's tree and gives it its address. */
export async function boot(name: string, address: string, signal?: AbortSignal): Promise<void> {
  startNspawn(name);
  const leader = await poll(`${name} has a first process in its own network`, async () => {
    signal?.throwIfAborted();
    const found = await leaderOf(name);
    if (found === null) return null;
    const link = await run(["nsenter", "-t", String(found), "-n", "ip", "link", "show", "host0"]);
    return link.exitCode === 0 ? found : null;
  }).catch(async (failure: unknown) => {
    const log = await readFile(`${treeOf(name)}.log`, "utf8").catch(() => "");
    throw new Error(`The lab server ${name} did not boot: ${log.slice(-2000)}`, { cause: failure });
  });
  await joinNetwork(leader, address);
  await poll(`${name} answers on port 22`, async () => {
    signal?.throwIfAborted();
    const ready = await inside(leader, [
      "sh",
      "-c",
      "ss -Hltn sport = :22 | grep -q . && test -S /run/dbus/system_bus_socket",
    ]);
    return ready === 0 ? true : null;
  });
}

function startNspawn(name: string): void {
  const log = openSync(`${treeOf(name)}.log`, "a");
  const tree = ["-D", treeOf(name), `--machine=${name}`, "--register=no", "--keep-unit"];
  const network = [`--network-bridge=${BRIDGE}`, "--resolv-conf=off"];
  const rights = ["--capability=all", "--system-call-filter=add_key keyctl bpf"];
  const life = ["--console=pipe", "--kill-signal=RTMIN+3", "/lab-init"];
  const nspawn = ["systemd-nspawn", ...tree, ...network, ...rights, ...life];
  const child = spawn("sh", ["-c", IN_OWN_GROUPS, "sh", name, ...nspawn], {
    detached: true,
    stdio: ["ignore", log, log],
  });
  child.unref();
  closeSync(log);
}

async function inside(leader: number, argv: readonly string[]): Promise<number> {
  return (await run(["nsenter", "-t", String(leader), "-a", ...argv])).exitCode;
}

/** The server's first process as this machine sees it; null when the server is down. */
export async function leaderOf(name: string): Promise<number | null> {
  const nspawn = await nspawnOf(name);
  if (nspawn === null) return null;
  const children = await run(["pgrep", "-P", String(nspawn)]);
  return Number.parseInt(children.stdout, 10) || null;
}

async function nspawnOf(name: string): Promise<number | null> {
  const found = await run(["pgrep", "-o", "-f", `^systemd-nspawn .*--machine=${name} `]);
  return Number.parseInt(found.stdout, 10) || null;
}

/** Shuts down in order, and by force when that takes too long. */
export async function shutDown(name: string): Promise<void> {
  const leader = await leaderOf(name);
  if (leader !== null) await run(["kill", "-s", "RTMIN+4", String(leader)]);
  await poll(`${name} is down`, async () => ((await nspawnOf(name)) === null ? true : null)).catch(() => undefined);
  await powerOff(name);
}

/** Takes the power away: no process of the server gets a last word. */
export async function powerOff(name: string): Promise<void> {
  for (const pid of [await leaderOf(name), await nspawnOf(name)]) {
    if (pid !== null) await run(["kill", "-9", String(pid)]);
  }
  await poll(`${name} is gone`, async () => ((await nspawnOf(name)) === null ? true : null));
  await restore(name);
  await run(["ip", "link", "delete", `vb-${name}`]);
  const propagated = `/run/systemd/nspawn/propagate/${name}`;
  await run(["sh", "-c", `umount "$1"; rmdir "$1"`, "sh", propagated]);
  await poll(`the last process of ${name} is gone`, async () => {
    const removed = await run(["sh", "-c", WITHOUT_GROUPS, "sh", name]);
    return removed.exitCode === 0 ? true : null;
  });
}

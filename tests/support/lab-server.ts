/**
 * Throw-away Debian servers with real systemd, sshd and apt and an address of their own, for end-to-end tests.
 * Command line: `node tests/support/lab-server.ts build | up NAME N | sh NAME SCRIPT | down NAME`.
 */
import { buildBase, keyFile, type LabRelease } from "./lab-server-base.ts";
import { boot, createTree, leaderOf, powerOff, removeTree, shutDown } from "./lab-server-machine.ts";
import { addressOf, cut, makeNetwork, restore } from "./lab-server-network.ts";
import { run } from "./lab-server-run.ts";
import type { RunResult, RunSettings } from "./lab-server-run.ts";

export { buildBase } from "./lab-server-base.ts";

export interface LabOptions {
  /** At most 12 lower case letters, digits and dashes. */
  readonly name: string;
  /** Last number of its address, 2 to 254; two servers at a time need two numbers. */
  readonly address: number;
  /** Debian 12 unless told. */
  readonly release?: LabRelease | undefined;
  /** Has the packages that provisioning installs already, for tests of what comes after. */
  readonly equipped?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Lab {
  readonly name: string;
  /** Reachable from this machine. */
  readonly address: string;
  /** Private key that root's `authorized_keys` on the server accepts. */
  readonly keyFile: string;
  /** Runs a program, or a script when given one string, as root on the server without SSH. Any exit code is an answer. */
  exec(command: string | readonly string[], settings?: RunSettings): Promise<RunResult>;
  /** As `exec`, for what must succeed; gives its output without the last line end. */
  sh(script: string, settings?: RunSettings): Promise<string>;
  cutNetwork(): Promise<void>;
  restoreNetwork(): Promise<void>;
  /** Takes the power away; `boot` starts the same disk again. */
  kill(): Promise<void>;
  boot(): Promise<void>;
  /** Shuts down and deletes the server. */
  stop(): Promise<void>;
}

/** Lab servers need root and Linux. In CI, not having them is a failure, not a reason to skip. */
export function labAvailable(): { readonly ok: true } | { readonly ok: false; readonly why: string } {
  if (process.platform === "linux" && process.getuid?.() === 0) return { ok: true };
  const why = "Lab servers need root on Linux: run the tests as root to include those on real servers.";
  if (process.env["CI"]) throw new Error(why);
  return { ok: false, why };
}

/** A fresh server, booted and answering on port 22. */
export async function startLab(options: LabOptions): Promise<Lab> {
  if (!/^[a-z][a-z0-9-]{0,11}$/.test(options.name)) throw new Error(`Not a lab server name: ${options.name}`);
  const lab = labOf(options.name, addressOf(options.address));
  await createTree(options.name, options);
  await makeNetwork();
  try {
    await boot(lab.name, lab.address, options.signal);
  } catch (failure) {
    await lab.stop();
    throw failure;
  }
  return lab;
}

/** A server that is up already; null when there is none of this name. */
export async function findLab({ name, address }: LabOptions): Promise<Lab | null> {
  return (await leaderOf(name)) === null ? null : labOf(name, addressOf(address));
}

function labOf(name: string, address: string): Lab {
  const exec = (command: string | readonly string[], settings?: RunSettings) => execInside(name, command, settings);
  return {
    name,
    address,
    keyFile,
    exec,
    async sh(script, settings) {
      const result = await exec(script, settings);
      if (result.exitCode === 0) return result.stdout.trimEnd();
      throw new Error(`On ${name}, ${script} ended with ${result.exitCode}:\n${result.stdout}${result.stderr}`);
    },
    cutNetwork: () => cut(name, address),
    restoreNetwork: () => restore(name),
    kill: () => powerOff(name),
    boot: () => boot(name, address),
    async stop() {
      await shutDown(name);
      await removeTree(name);
    },
  };
}

const ENVIRONMENT = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8"];

async function execInside(
  name: string,
  command: string | readonly string[],
  settings?: RunSettings,
): Promise<RunResult> {
  const leader = await leaderOf(name);
  if (leader === null) throw new Error(`The lab server ${name} is not running`);
  const argv = typeof command === "string" ? ["sh", "-c", command] : command;
  return run(["nsenter", "-t", String(leader), "-a", "env", "-i", ...ENVIRONMENT, ...argv], settings);
}

async function main([verb = "help", name = "", ...rest]: readonly string[]): Promise<number> {
  switch (verb) {
    case "build":
      console.log(await buildBase());
      return 0;
    case "up":
      console.log((await startLab({ name, address: Number(rest[0] ?? 2) })).address);
      return 0;
    case "sh": {
      const result = await execInside(name, rest.join(" "), { timeoutMs: 3_600_000 });
      process.stdout.write(result.stdout);
      process.stderr.write(result.stderr);
      return result.exitCode;
    }
    case "down":
      await labOf(name, "").stop();
      return 0;
    default:
      console.error("build | up NAME N | sh NAME SCRIPT | down NAME");
      return 2;
  }
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));

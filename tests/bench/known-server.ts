import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { findLab, labAvailable, startLab, type Lab } from "../support/lab-server.ts";

const CLI = path.resolve(import.meta.dirname, "../../out/cli/cli.mjs");
const SHARED = { name: "bench0", address: 60 };
/** Set: the server stays up with its home in this folder, and the next run finds it. */
const KEPT_HOME = process.env["AI_INFRA_BENCH_HOME"];

/** A provisioned lab server that the host in `home` knows. */
export interface KnownServer {
  readonly lab: Lab;
  readonly home: string;
}

let shared: Promise<KnownServer> | undefined;

export function whyNoLab(): string | null {
  const lab = labAvailable();
  return lab.ok ? null : lab.why;
}

/** The one that all benches which do not change it share. */
export function knownServer(): Promise<KnownServer> {
  shared ??= findOrMake();
  return shared;
}

export async function closeKnownServer(): Promise<void> {
  if (!shared || KEPT_HOME) return;
  const { lab, home } = await shared;
  await lab.stop();
  rmSync(home, { recursive: true, force: true });
}

async function findOrMake(): Promise<KnownServer> {
  const kept = KEPT_HOME ? await findLab(SHARED) : null;
  if (KEPT_HOME && kept) return { lab: kept, home: KEPT_HOME };
  const server = { lab: await startLab(SHARED), home: KEPT_HOME ?? temporaryHome() };
  await provision(server, "--no-docker");
  return server;
}

export function temporaryHome(): string {
  return mkdtempSync("/tmp/ai-infra-bench-");
}

/** Milliseconds that the command line took, from its start to its end. */
export async function provision({ lab, home }: KnownServer, ...options: readonly string[]): Promise<number> {
  const key = await lab.sh("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub");
  const accept = ["--accept-host-key", key.split(" ")[1] ?? "", "--yes", "--model", "simulated"];
  const started = performance.now();
  await runCli(home, ["provision", `root@${lab.address}`, "--identity", lab.keyFile, ...accept, ...options]);
  return performance.now() - started;
}

/** Runs the command line to its end; fails when it does. Gives its last line. */
export async function runCli(home: string, words: readonly string[], input = ""): Promise<unknown> {
  const child = spawn(process.execPath, [CLI, ...words, "--json"], { env: { ...process.env, AI_INFRA_HOME: home } });
  child.stdin.end(input);
  const [output, errors, exitCode] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.once("close", resolve)),
  ]);
  const last = output.trimEnd().split("\n").at(-1) ?? "";
  if (exitCode !== 0) throw new Error(`${words.join(" ")} ended with ${String(exitCode)}: ${last}\n${errors}`);
  return JSON.parse(last);
}

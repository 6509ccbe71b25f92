import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import net from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createLocal, type Local } from "../../../src-main/local/create-local.ts";
import { bundleLocalTeam } from "../../../scripts/bundle-local-team.mjs";
import { layMemoryModel } from "../../support/memory-model-stand-in.ts";

export const root = path.resolve(import.meta.dirname, "../../..");

/** A home, a team in it that is not started, and nothing left of either after `remove`. */
export async function newLocal(daemon = path.join(import.meta.dirname, "stand-in-daemon.mjs")) {
  const home = mkdtempSync("/tmp/ai-local-");
  const team = path.join(home, "build", "local-team.mjs");
  await mkdir(path.dirname(team));
  await bundleLocalTeam(team);
  const memoryModel = layMemoryModel(path.join(home, "build", "memory-model"));
  const artifacts = { node: process.execPath, daemon, memoryModel, team, version: "0.0.0" };
  const said: string[] = [];
  const open = (version = "0.0.0"): Local =>
    createLocal({ home, artifacts: { ...artifacts, version }, log: (line) => said.push(line) });
  const local = open();
  const remove = async () => {
    await local.stop();
    for (const folder of [home, local.places.root, local.places.run]) rmSync(folder, { recursive: true, force: true });
  };
  return { home, local, open, remove, said };
}

/** Processes that were started from, or work in, the team's folders. */
export function processesOf({ places }: Pick<Local, "places">): readonly number[] {
  return processesAt(places.root, places.run);
}

/** Processes whose words or working folder have one of these paths in them. */
export function processesAt(...paths: readonly string[]): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => paths.some((each) => describe(pid).includes(each)))
    .map(Number);
}

function describe(pid: string): string {
  try {
    return `${readFileSync(`/proc/${pid}/cmdline`, "utf8")} ${readlinkSync(`/proc/${pid}/cwd`)}`;
  } catch {
    return "";
  }
}

export function pidOf(local: Pick<Local, "places">, name: "postgres" | "redis" | "daemon" | "tmux"): number {
  const processes = JSON.parse(readFileSync(path.join(local.places.state, "processes.json"), "utf8"));
  return processes[name].pid;
}

export function uidOf(pid: number): number {
  return statSync(`/proc/${pid}`).uid;
}

/** What the stand-in daemon says when asked. */
export function askDaemon(local: Local): Promise<Record<string, unknown>> {
  return talk(path.join(local.places.run, "api.sock"), "").then((answer) => JSON.parse(answer));
}

export function talk(socket: string, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const connection = net.connect(socket, () => connection.write(request));
    let answer = "";
    connection.on("data", (chunk) => {
      answer += chunk.toString();
      if (request !== "") connection.end();
    });
    connection.on("error", reject);
    connection.on("close", () => resolve(answer));
  });
}

/** Asks until the answer is one that `accept` takes. */
export async function until<T>(
  ask: () => T | Promise<T>,
  accept: (answer: T) => boolean,
  withinMs = 15_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  let last: unknown = "nothing";
  while (Date.now() < deadline) {
    try {
      const answer = await ask();
      if (accept(answer)) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    await delay(25);
  }
  throw new Error(`still ${JSON.stringify(last)} ${String(last)} after ${withinMs} ms`);
}

export function sql(local: Pick<Local, "places">, statement: string, user = "ai-infra"): string {
  const psql = ["-h", local.places.run, "-U", user, "-d", "ai_infrastructure", "-Atc", statement];
  return execFileSync("psql", psql, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}

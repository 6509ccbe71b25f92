import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type ProcessIdentity, isAlive, signalProcess } from "../../platform/process-identity.ts";
import { readJson, writeJson } from "./files.ts";
import { PROCESSES_FILE } from "./spec.ts";

/** In the order in which they end: whoever needs another one goes first. */
const STOP_ORDER = [
  { name: "daemon", signal: "SIGTERM", withinMs: 10_000 },
  { name: "tmux", signal: "SIGTERM", withinMs: 5000 },
  { name: "redis", signal: "SIGTERM", withinMs: 10_000 },
  // A fast shutdown: ends sessions, then writes everything.
  { name: "postgres", signal: "SIGINT", withinMs: 20_000 },
] as const;

export type ProcessName = (typeof STOP_ORDER)[number]["name"];

type Known = Readonly<Partial<Record<ProcessName, ProcessIdentity>>>;

const POLL_MS = 20;

/** The processes of the team by name, kept in a file, so that a later supervisor finds what an earlier one started. */
export class Processes {
  readonly #file: string;
  #known: Known;

  constructor(stateDir: string) {
    this.#file = path.join(stateDir, PROCESSES_FILE);
    this.#known = readJson(this.#file) ?? {};
  }

  remember(name: ProcessName, identity: ProcessIdentity): void {
    this.#known = { ...this.#known, [name]: identity };
    writeJson(this.#file, this.#known);
  }

  /** Ends those that run, in order: asked first, killed when they take too long. */
  async end(...only: readonly ProcessName[]): Promise<void> {
    for (const { name, signal, withinMs } of STOP_ORDER) {
      const identity = this.#known[name];
      if (identity === undefined || !only.includes(name)) continue;
      await endProcess(identity, signal, withinMs);
      const { [name]: _ended, ...rest } = this.#known;
      this.#known = rest;
      writeJson(this.#file, rest);
    }
  }
}

/** Resolves when it has ended: asked first, killed after `withinMs`. */
export async function endProcess(identity: ProcessIdentity, signal: NodeJS.Signals, withinMs: number): Promise<void> {
  signalProcess(identity, signal);
  if (await hasEnded(identity, withinMs)) return;
  signalProcess(identity, "SIGKILL");
  await hasEnded(identity, withinMs);
}

async function hasEnded(identity: ProcessIdentity, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (isAlive(identity)) {
    if (Date.now() > deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}

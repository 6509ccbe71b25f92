import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { identify } from "../../platform/process-identity.ts";
import { openLog, tailOf } from "./files.ts";
import type { ProcessName, Processes } from "./processes.ts";
import type { Argv } from "./spec.ts";

export interface ServiceParts {
  readonly name: ProcessName;
  readonly argv: Argv;
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly logDir: string;
  /** Cleans up after an earlier process that was killed. */
  readonly beforeStart?: () => void;
  readonly isReady: () => Promise<boolean>;
  readonly processes: Processes;
}

const READY_WITHIN_MS = 45_000;
const READY_POLL_MS = 20;
const FIRST_BACKOFF_MS = 50;
const LAST_BACKOFF_MS = 5000;
const STEADY_MS = 10_000;
const EXITS_BEFORE_GIVING_UP = 5;

/** A program that is started again whenever it ends, until it is stopped. */
export class Service {
  readonly #parts: ServiceParts;
  #child: ChildProcess | null = null;
  #isWanted = false;
  #isGivenUp = false;
  #exits = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
  }

  /** Resolves when it can be used; rejects when it ended too often, was not ready in time or is given up. */
  async start(): Promise<void> {
    if (this.#isGivenUp) throw this.#notReady();
    this.#isWanted = true;
    this.#exits = 0;
    this.#spawn();
    const deadline = Date.now() + READY_WITHIN_MS;
    while (this.#child === null || !(await this.#parts.isReady())) {
      const isHopeless = this.#exits >= EXITS_BEFORE_GIVING_UP || Date.now() > deadline;
      if (isHopeless || this.#isGivenUp) throw this.#notReady();
      await delay(READY_POLL_MS);
    }
  }

  /** Ends waiting for it, for good. */
  giveUp(): void {
    this.#isGivenUp = true;
  }

  async stop(): Promise<void> {
    this.#isWanted = false;
    clearTimeout(this.#timer);
    await this.#parts.processes.end(this.#parts.name);
  }

  #spawn(): void {
    const { name, argv, env, folder, beforeStart, processes } = this.#parts;
    const startedAt = Date.now();
    beforeStart?.();
    const log = openLog(this.#logFile());
    const [program, ...parameters] = argv;
    const child = spawn(program, parameters, { detached: true, env, cwd: folder, stdio: ["ignore", log, log] });
    closeSync(log);
    this.#child = child;
    const identity = child.pid === undefined ? null : identify(child.pid);
    if (identity !== null) processes.remember(name, identity);
    const onEnd = (how: string) => {
      // The end of one that was stopped may be told after the next one has started.
      if (this.#child !== child) return;
      this.#child = null;
      this.#startAgain(how, Date.now() - startedAt);
    };
    child.once("error", (error) => onEnd(error.message));
    child.once("exit", (code, signal) => onEnd(signal ?? `exit code ${code}`));
  }

  #startAgain(how: string, livedMs: number): void {
    if (!this.#isWanted) return;
    this.#exits = livedMs > STEADY_MS ? 1 : this.#exits + 1;
    const waitMs = Math.min(FIRST_BACKOFF_MS * 2 ** (this.#exits - 1), LAST_BACKOFF_MS);
    console.log(`${new Date().toISOString()} ${this.#parts.name} ended (${how}), starts again in ${waitMs} ms`);
    this.#timer = setTimeout(() => this.#spawn(), waitMs);
  }

  #notReady(): Error {
    return new Error(`${this.#parts.name} could not be started`, { cause: tailOf(this.#logFile()) });
  }

  #logFile(): string {
    return path.join(this.#parts.logDir, `${this.#parts.name}.log`);
  }
}

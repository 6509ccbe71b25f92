import { setTimeout as delay } from "node:timers/promises";
import { type ProcessIdentity, identify } from "../../platform/process-identity.ts";
import { removePath } from "./files.ts";
import { type Processes, endProcess } from "./processes.ts";
import { runToEnd } from "./run-to-end.ts";
import { isListening } from "./sockets.ts";
import type { TeamSpec } from "./spec.ts";

const WATCH_EVERY_MS = 1000;
const END_WITHIN_MS = 5000;

/** The tmux server with the agents' windows: outlives this program, started again when it is gone. */
export class TmuxServer {
  readonly #spec: TeamSpec;
  readonly #processes: Processes;
  readonly #stopped = new AbortController();

  constructor(spec: TeamSpec, processes: Processes) {
    this.#spec = spec;
    this.#processes = processes;
  }

  /** Starts it, or makes sure that a running one has all its windows. */
  async start(): Promise<void> {
    const { tmux, env, stateDir } = this.#spec;
    await runToEnd(tmux.startArgv, { env, cwd: stateDir });
    const identity = identify(Number(await this.#ask("display-message", "-p", "#{pid}")));
    if (identity !== null) this.#processes.remember("tmux", identity);
  }

  /** Until `stop`. */
  async watch(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      await delay(WATCH_EVERY_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted || (await isListening(this.#spec.tmux.socket))) continue;
      console.log(`${new Date().toISOString()} the tmux server is gone, starts again`);
      await this.start().catch((error: unknown) => console.log(error));
    }
  }

  /** Ends the server and everything in its windows. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    const inWindows = (await isListening(this.#spec.tmux.socket)) ? await this.#processesInWindows() : [];
    await this.#processes.end("tmux");
    await Promise.all(inWindows.map((process) => endProcess(process, "SIGHUP", END_WITHIN_MS)));
    removePath(this.#spec.tmux.socket);
  }

  async #processesInWindows(): Promise<readonly ProcessIdentity[]> {
    const pids = await this.#ask("list-panes", "-a", "-F", "#{pane_pid}").catch(() => "");
    return pids.split("\n").flatMap((pid) => identify(Number(pid)) ?? []);
  }

  #ask(...parameters: readonly string[]): Promise<string> {
    const { tmux, env, stateDir } = this.#spec;
    return runToEnd([tmux.program, "-S", tmux.socket, ...parameters], { env, cwd: stateDir });
  }
}

import { readdirSync } from "node:fs";
import path from "node:path";
import { identify } from "../../platform/process-identity.ts";
import { removePath, writeJson } from "./files.ts";
import {
  createDatabase,
  endUnfinishedCreation,
  isPostgresReady,
  postgresArgv,
  removeStalePidFile,
} from "./postgres.ts";
import { Processes } from "./processes.ts";
import { redisArgv } from "./redis.ts";
import { Service } from "./service.ts";
import { isListening, isRedisReady } from "./sockets.ts";
import { STATE_FILE, type TeamReport, type TeamSpec } from "./spec.ts";
import { TmuxServer } from "./tmux.ts";

/** The whole team of this computer. Its methods are called one after the other. */
export class Team {
  #spec: TeamSpec;
  readonly #processes: Processes;
  readonly #postgres: Service;
  readonly #redis: Service;
  readonly #daemon: Service;
  readonly #tmux: TmuxServer;
  readonly #since = new Date().toISOString();

  constructor(spec: TeamSpec) {
    this.#spec = spec;
    this.#processes = new Processes(spec.stateDir);
    const { postgres, redis, daemon } = services(spec, this.#processes);
    this.#postgres = postgres;
    this.#redis = redis;
    this.#daemon = daemon;
    this.#tmux = new TmuxServer(spec, this.#processes);
  }

  /** Rejects when a part cannot be started. */
  async start(): Promise<void> {
    this.#reportDoing("Ending what an earlier run left");
    await this.#processes.end("daemon", "redis", "postgres");
    this.#reportDoing("Preparing the database");
    await createDatabase(this.#spec.postgres, this.#spec.env);
    this.#reportDoing("Starting PostgreSQL and Redis");
    await Promise.all([this.#postgres.start(), this.#redis.start()]);
    this.#reportDoing("Starting the daemon");
    await this.#daemon.start();
    this.#reportDoing("Opening the agents' windows");
    await this.#tmux.start();
    void this.#tmux.watch();
    this.#reportRunning();
  }

  /** Rejects when the daemon does not come back. */
  async changeSettings(spec: TeamSpec): Promise<void> {
    if (spec.settings === this.#spec.settings) return;
    this.#spec = spec;
    this.#reportDoing("Restarting the daemon");
    await this.#daemon.stop();
    await this.#daemon.start();
    this.#reportRunning();
  }

  /** Makes a start that is going on reject soon; nothing can be started after it. */
  giveUp(): void {
    for (const service of [this.#postgres, this.#redis, this.#daemon]) service.giveUp();
  }

  /** Ends everything, whoever started it. */
  async stop(): Promise<void> {
    this.report({ state: "stopping" });
    await this.#daemon.stop();
    await this.#tmux.stop();
    await this.#redis.stop();
    await this.#postgres.stop();
    await endUnfinishedCreation(this.#spec.postgres);
    const { runDir } = this.#spec;
    for (const name of readdirSync(runDir)) removePath(path.join(runDir, name));
    this.report({ state: "stopped" });
  }

  report(report: TeamReport): void {
    writeJson(path.join(this.#spec.stateDir, STATE_FILE), { supervisor: identify(process.pid), report });
  }

  #reportDoing(doing: string): void {
    this.report({ state: "starting", doing });
  }

  #reportRunning(): void {
    const { model, settings } = this.#spec;
    this.report({ state: "running", since: this.#since, model, settings });
  }
}

function services(spec: TeamSpec, processes: Processes): Readonly<Record<"postgres" | "redis" | "daemon", Service>> {
  const shared = { env: spec.env, folder: spec.stateDir, logDir: spec.logDir, processes };
  return {
    postgres: new Service({
      ...shared,
      name: "postgres",
      argv: postgresArgv(spec.postgres),
      beforeStart: () => removeStalePidFile(spec.postgres),
      isReady: async () => isPostgresReady(spec.postgres),
    }),
    redis: new Service({
      ...shared,
      name: "redis",
      argv: redisArgv(spec.redis),
      isReady: () => isRedisReady(spec.redis.socket),
    }),
    daemon: new Service({
      ...shared,
      name: "daemon",
      argv: spec.daemon.argv,
      env: { ...spec.env, ...spec.daemon.env },
      isReady: () => isListening(spec.daemon.socket),
    }),
  };
}

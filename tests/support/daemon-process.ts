import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/websocket";
import type { AnyContractRouter, ContractRouterClient } from "@orpc/contract";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { WebSocket } from "ws";
import type { AgentName } from "../../contract/agents.ts";
import type { ConsoleApi } from "../../contract/console-api.ts";
import type { DaemonApi } from "../../contract/daemon-api.ts";
import { agentSocket, API_SOCKET, type DaemonConfig } from "../../contract/daemon-config.ts";
import { LOCAL_LOGIN, WORKSPACE_DATABASE } from "../../contract/workspace-database.ts";
import { bundleDaemon } from "../../scripts/bundle-daemon.mjs";
import { createPostgres, type TestPostgres } from "./postgres.ts";
import { createRedis, type TestRedis } from "./redis.ts";
import { type RunningProgram, startProgram, until } from "./start-program.ts";

/** The bundled daemon as a real process, with its own PostgreSQL and Redis. */
export interface TestDaemon {
  readonly config: DaemonConfig;
  readonly configFile: string;
  readonly postgres: TestPostgres;
  readonly redis: TestRedis;
  pid(): number;
  output(): string;
  start(): Promise<void>;
  kill(signal: NodeJS.Signals): Promise<void>;
  remove(): Promise<void>;
}

export type DaemonClient = ContractRouterClient<typeof DaemonApi>;
export type ConsoleClient = ContractRouterClient<typeof ConsoleApi>;

export interface Connection<Client> {
  readonly client: Client;
  readonly closed: Promise<void>;
  close(): void;
}

export async function createDaemon(settings: Partial<DaemonConfig> = {}, postgresBin?: string): Promise<TestDaemon> {
  const folder = mkdtempSync(path.join(tmpdir(), "daemon-"));
  const bundle = path.join(folder, "daemon.mjs");
  const [postgres, redis] = await Promise.all([createPostgres(postgresBin), createRedis(), bundleDaemon(bundle)]);
  const config: DaemonConfig = {
    mode: "local",
    version: "0.0.1",
    model: "simulated",
    runDir: path.join(folder, "run"),
    stateDir: folder,
    logDir: folder,
    workspace: folder,
    node: process.execPath,
    bundle,
    postgres: postgres.config,
    redis: redis.config,
    workspaceDatabase: { ...WORKSPACE_DATABASE, ...placeOf(postgres), user: LOCAL_LOGIN.name },
    anthropicUrl: "http://127.0.0.1:9",
    ...settings,
  };
  const configFile = path.join(folder, "daemon.json");
  writeFileSync(configFile, JSON.stringify(config));
  let daemon: RunningProgram | null = null;
  const start = async (): Promise<void> => {
    const run = (): RunningProgram => startProgram(process.execPath, [bundle, "serve", "--config", configFile]);
    let started = run();
    const isReady = (): boolean => {
      // As a supervisor does: without its database it cannot begin.
      if (!started.isRunning()) started = run();
      daemon = started;
      return started.output().includes("the daemon is ready");
    };
    await until("the daemon is ready", isReady, 30_000).catch((error: Error) => {
      throw new Error(`${error.message}\n${started.output()}`);
    });
  };
  await start();
  return {
    config,
    configFile,
    postgres,
    redis,
    pid: () => daemon?.pid ?? 0,
    output: () => daemon?.output() ?? "",
    start,
    kill: async (signal) => await daemon?.kill(signal),
    async remove() {
      await daemon?.kill("SIGKILL");
      await Promise.all([postgres.remove(), redis.remove()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function placeOf({ config: { socketDir, port } }: TestPostgres) {
  return { socketDir, port };
}

export async function connectApp({ config }: Pick<TestDaemon, "config">): Promise<Connection<DaemonClient>> {
  return await connect<typeof DaemonApi>(path.join(config.runDir, API_SOCKET));
}

export async function connectConsole(
  { config }: Pick<TestDaemon, "config">,
  agent: AgentName,
): Promise<Connection<ConsoleClient>> {
  return await connect<typeof ConsoleApi>(path.join(config.runDir, agentSocket(agent)));
}

async function connect<Router extends AnyContractRouter>(
  socketPath: string,
): Promise<Connection<ContractRouterClient<Router>>> {
  const socket = new WebSocket(`ws+unix://${socketPath}:/`, { perMessageDeflate: false });
  const closed = new Promise<void>((resolve) => {
    socket.once("close", () => resolve());
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.on("error", reject);
  });
  const client = createORPCClient<ContractRouterClient<Router>>(new RPCLink({ websocket: socket }));
  return { client, closed, close: () => socket.terminate() };
}

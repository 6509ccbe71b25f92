import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { type RunningProgram, startProgram, until } from "./start-program.ts";

/** A private Redis on a Unix socket, made for one test file. */
export interface TestRedis {
  readonly config: { kind: "unix"; path: string };
  kill(signal: NodeJS.Signals): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

export async function createRedis(): Promise<TestRedis> {
  const folder = mkdtempSync(path.join(tmpdir(), "redis-"));
  const socket = path.join(folder, "redis.sock");
  let server: RunningProgram | null = null;
  const start = async (): Promise<void> => {
    const settings = ["--port", "0", "--unixsocket", socket, "--dir", folder, "--appendonly", "yes"];
    server = startProgram("redis-server", settings);
    await until("Redis answers", async () => await ping(socket));
  };
  await start();
  return {
    config: { kind: "unix", path: socket },
    start,
    kill: async (signal) => await server?.kill(signal),
    async remove() {
      await server?.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ping(socket: string): Promise<boolean> {
  return await new Promise((resolve, reject) => {
    const client = connect(socket, () => client.write("PING\r\n"));
    client.once("data", (bytes) => {
      client.destroy();
      resolve(bytes.toString().startsWith("+PONG"));
    });
    client.once("error", reject);
  });
}

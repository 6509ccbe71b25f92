import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import path from "node:path";
import { API_SOCKET, DaemonConfig, TMUX_SOCKET } from "../../contract/daemon-config.ts";
import type { ModelName } from "../../contract/status.ts";
import { LOCAL_LOGIN, WORKSPACE_DATABASE } from "../../contract/workspace-database.ts";
import { programFolders } from "../platform/find-program.ts";
import type { Programs } from "./find-programs.ts";
import type { Postgres } from "./find-postgres.ts";
import type { Runtime } from "./install-runtime.ts";
import { credentialFile } from "./credentials.ts";
import type { Places } from "./places.ts";
import type { TeamUser } from "./team-user.ts";
import type { TeamSpec } from "./team/spec.ts";
import { readWebSearch } from "./web-search.ts";

const DATABASE = { user: "ai-infra", database: "ai_infrastructure", port: 5432 } as const;

export interface Wanted {
  readonly places: Places;
  readonly user: TeamUser;
  readonly runtime: Runtime;
  readonly model: ModelName;
  readonly version: string;
}

export function specFile(places: Places): string {
  return path.join(places.config, "team.json");
}

/** The daemon's configuration on this computer. */
export function daemonConfig({ places, runtime, model, version }: Wanted): DaemonConfig {
  return DaemonConfig.parse({
    mode: "local",
    version,
    model,
    runDir: places.run,
    stateDir: places.daemonState,
    logDir: places.logs,
    workspace: places.workspace,
    node: runtime.node,
    bundle: runtime.daemon,
    operatorHooks: path.join(places.config, "hooks.json"),
    postgres: { socketDir: places.run, ...DATABASE },
    redis: { kind: "unix", path: redisSocket(places) },
    workspaceDatabase: {
      ...WORKSPACE_DATABASE,
      socketDir: places.run,
      port: DATABASE.port,
      user: LOCAL_LOGIN.name,
    },
    memoryModel: runtime.memoryModel,
    webSearch: readWebSearch(places),
  } satisfies Partial<DaemonConfig>);
}

/** Differs when the daemon must be started again to see what has changed. */
export function settingsOf(wanted: Wanted): string {
  const keys = (["anthropic-key", "search-key"] as const).map((name) =>
    statSync(credentialFile(wanted.places, name), { throwIfNoEntry: false }),
  );
  const parts = [daemonConfig(wanted), ...keys.map((key) => key?.mtimeMs ?? null)];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

/** Writes both files the team reads. */
export function writeSpec(wanted: Wanted, programs: Programs, postgres: Postgres): void {
  const configFile = daemonConfigFile(wanted.places);
  writeWhole(configFile, daemonConfig(wanted));
  writeWhole(specFile(wanted.places), teamSpec(wanted, programs, postgres));
}

/** The same programs, other settings. */
export function changeSpec(wanted: Wanted): void {
  const spec = readSpec(wanted.places);
  if (spec === null) return;
  writeWhole(daemonConfigFile(wanted.places), daemonConfig(wanted));
  writeWhole(specFile(wanted.places), { ...spec, model: wanted.model, settings: settingsOf(wanted) });
}

export function readSpec(places: Places): TeamSpec | null {
  const file = specFile(places);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as TeamSpec) : null;
}

function teamSpec(wanted: Wanted, programs: Programs, postgres: Postgres): TeamSpec {
  const { places, runtime, model } = wanted;
  const role = (name: string) => [runtime.node, runtime.daemon, name, "--config", daemonConfigFile(places)] as const;
  return {
    runtime: runtime.id,
    settings: settingsOf(wanted),
    model,
    env: environment(wanted),
    runDir: places.run,
    logDir: places.logs,
    stateDir: places.state,
    postgres: {
      initdb: path.join(postgres.folder, "initdb"),
      postgres: path.join(postgres.folder, "postgres"),
      folder: places.postgres,
      socketDir: places.run,
      ...DATABASE,
    },
    redis: { program: programs.redis, folder: places.redis, socket: redisSocket(places) },
    daemon: {
      argv: role("serve"),
      env: { CREDENTIALS_DIRECTORY: places.credentials },
      socket: path.join(places.run, API_SOCKET),
    },
    tmux: { startArgv: role("team"), program: programs.tmux, socket: path.join(places.run, TMUX_SOCKET) },
  };
}

/** Not the person's own environment, which may hold secrets. */
function environment({ places, user }: Wanted): Readonly<Record<string, string>> {
  const isOwnUser = userInfo().uid === user.uid;
  return {
    PATH: (isOwnUser ? programFolders() : programFolders("")).join(path.delimiter),
    HOME: places.home,
    USER: user.name,
    LOGNAME: user.name,
    SHELL: "/bin/sh",
    LANG: "C.UTF-8",
    ...(process.env["TZ"] === undefined ? {} : { TZ: process.env["TZ"] }),
  };
}

function daemonConfigFile(places: Places): string {
  return path.join(places.config, "daemon.json");
}

function redisSocket(places: Places): string {
  return path.join(places.run, "redis.sock");
}

function writeWhole(file: string, value: unknown): void {
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o644 });
  renameSync(temporary, file);
}

import { existsSync, mkdirSync, readdirSync, readlinkSync, renameSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { identify, signalProcess } from "../../platform/process-identity.ts";
import { readText, removePath } from "./files.ts";
import { runToEnd } from "./run-to-end.ts";
import type { Argv, TeamSpec } from "./spec.ts";

type PostgresSpec = TeamSpec["postgres"];

/** The line of `postmaster.pid` that says whether connections are accepted; `pg_ctl` reads it too. */
const STATUS_LINE = 7;

const POLL_MS = 20;

const INITDB_OPTIONS = ["--auth-local=trust", "--auth-host=reject", "--encoding=UTF8", "--locale=C.UTF-8"] as const;

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: "",
  unix_socket_permissions: "0700",
  max_connections: "60",
  shared_buffers: "64MB",
  jit: "off",
};

/** Creates the database once: made beside its place, then renamed, so that a cut leaves nothing half-done. */
export async function createDatabase(spec: PostgresSpec, env: TeamSpec["env"]): Promise<void> {
  if (existsSync(dataFolder(spec))) return;
  await endUnfinishedCreation(spec);
  for (const name of readdirSync(spec.folder)) if (name.startsWith("new-")) removePath(path.join(spec.folder, name));
  const temporary = path.join(spec.folder, `new-${process.pid}`);
  mkdirSync(temporary, { mode: 0o700 });
  await runToEnd([spec.initdb, "-D", temporary, `--username=${spec.user}`, ...INITDB_OPTIONS], {
    env,
    cwd: spec.folder,
  });
  await runToEnd([spec.postgres, "--single", "-D", temporary, "postgres"], {
    env,
    cwd: spec.folder,
    input: `CREATE DATABASE "${spec.database}"\n`,
  });
  renameSync(temporary, dataFolder(spec));
}

/** The programs that make a database go on when their supervisor is killed, and write into what a next one removes. */
export async function endUnfinishedCreation(spec: PostgresSpec): Promise<void> {
  const isMaker = (pid: number) => {
    const folder = linkOf(pid, "cwd");
    const isHere = folder === spec.folder || folder?.startsWith(path.join(spec.folder, "new-")) === true;
    return isHere && /\/(initdb|postgres)\b[^/]*$/.test(linkOf(pid, "exe") ?? "");
  };
  for (;;) {
    const makers = readdirSync("/proc").map(Number).filter(isMaker);
    if (makers.length === 0) return;
    for (const maker of makers.map(identify)) if (maker !== null) signalProcess(maker, "SIGKILL");
    await delay(POLL_MS);
  }
}

export function postgresArgv(spec: PostgresSpec): Argv {
  const settings = { ...SETTINGS, unix_socket_directories: spec.socketDir, port: String(spec.port) };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return [spec.postgres, "-D", dataFolder(spec), ...options];
}

export function isPostgresReady(spec: PostgresSpec): boolean {
  return pidFileLines(spec)[STATUS_LINE]?.trim() === "ready";
}

/**
 * PostgreSQL refuses to start while its pid file names a living process of the same user, which after a reboot may be
 * anything. A PostgreSQL server has its data folder as its working folder.
 */
export function removeStalePidFile(spec: PostgresSpec): void {
  const pid = Number(pidFileLines(spec)[0]);
  if (!(pid > 0) || linkOf(pid, "cwd") === dataFolder(spec)) return;
  removePath(pidFile(spec));
  removePath(path.join(spec.socketDir, `.s.PGSQL.${spec.port}`));
  removePath(path.join(spec.socketDir, `.s.PGSQL.${spec.port}.lock`));
}

/** The working folder of a process, or its program. */
function linkOf(pid: number, link: "cwd" | "exe"): string | null {
  try {
    return readlinkSync(`/proc/${pid}/${link}`);
  } catch {
    // Gone, another user's, or no process at all.
    return null;
  }
}

function pidFileLines(spec: PostgresSpec): readonly string[] {
  return (readText(pidFile(spec)) ?? "").split("\n");
}

function pidFile(spec: PostgresSpec): string {
  return path.join(dataFolder(spec), "postmaster.pid");
}

function dataFolder(spec: PostgresSpec): string {
  return path.join(spec.folder, "data");
}

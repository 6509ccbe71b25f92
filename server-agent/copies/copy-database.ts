import { userInfo } from "node:os";
import { PassThrough, type Readable } from "node:stream";
import { Client } from "pg";
import type { DaemonConfig } from "../../contract/daemon-config.ts";
import { AppError } from "../../contract/errors.ts";
import type { KeepOrder } from "../../contract/keeping.ts";
import { findPostgresProgram } from "../platform/find-postgres-program.ts";
import { runGroup } from "../platform/run-group.ts";
import type { Copied } from "./copy-files.ts";
import { findTables } from "./find-tables.ts";
import { tooLarge } from "./too-large.ts";
import { brokenOff, type Transfer } from "./transfer.ts";

export interface DatabaseParts {
  readonly database: DaemonConfig["workspaceDatabase"];
  readonly transfer: Transfer;
  readonly signal: AbortSignal;
}

type Database = NonNullable<DaemonConfig["workspaceDatabase"]>;

const CONNECT_MS = 5_000;
const COPY_MS = 30 * 60_000;
const LOCK_MS = 10_000;

/** Copies tables with `pg_dump`, as the role that agents write with. */
export async function copyDatabase(
  { snapshotId, maxBytes, names }: Omit<KeepOrder, "plan"> & { readonly names: readonly string[] },
  { database, transfer, signal }: DatabaseParts,
): Promise<Copied> {
  if (!database) return { targets: [], received: null };
  const { targets, bytes, serverMajor } = await look(database, names);
  if (targets.length === 0) return { targets, received: null };
  if (bytes > maxBytes) throw tooLarge({ targets, bytes, maxBytes });
  const chosen = targets.flatMap((target) => (target === "*" ? [] : [optionFor(target)]));
  const words = ["--format=custom", "--no-owner", `--lock-wait-timeout=${LOCK_MS}`, ...chosen];
  const body = new PassThrough();
  const stopped = new AbortController();
  const place = { database, signal: AbortSignal.any([signal, stopped.signal]), stdout: body };
  const [received] = await Promise.all([
    transfer.upload(snapshotId, body, signal).catch((error: unknown) => {
      stopped.abort();
      throw error;
    }),
    run(["pg_dump", ...words], { ...place, serverMajor }),
  ]);
  return { targets, received };
}

/** Puts tables back in one transaction: all that the snapshot holds, or nothing. */
export async function restoreDatabase(
  { snapshotId, targets }: { readonly snapshotId: string; readonly targets: readonly string[] },
  { database, transfer, signal }: DatabaseParts,
): Promise<void> {
  if (!database) throw new AppError("snapshot.restore_failed", "This team has no database any more");
  const { serverMajor } = await look(database, []);
  const stdin = await transfer.download(snapshotId, signal);
  // Those of the whole database are the server's to give; what agents make is readable by default.
  const rights = targets.includes("*") ? ["--no-privileges"] : [];
  const words = ["--clean", "--if-exists", "--no-owner", ...rights, "--single-transaction", "--exit-on-error"];
  try {
    await run(["pg_restore", ...words, `--dbname=${database.database}`], { database, signal, stdin, serverMajor });
  } catch (error) {
    throw stdin.errored ? brokenOff(stdin.errored) : error;
  } finally {
    stdin.destroy();
  }
}

function optionFor(target: string): string {
  return target.endsWith(".*") ? `--schema=${target.slice(0, -2)}` : `--table=${target}`;
}

function userOf({ user }: Database): string {
  return user ?? userInfo().username;
}

async function look(database: Database, names: readonly string[]) {
  const { socketDir: host, port, writer } = database;
  const where = { host, port, database: database.database, user: userOf(database) };
  const client = new Client({ ...where, connectionTimeoutMillis: CONNECT_MS, query_timeout: COPY_MS });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("begin read only");
    await client.query(`set local role ${client.escapeIdentifier(writer)}`);
    const { rows } = await client.query<{ version: string }>("select current_setting('server_version_num') as version");
    return { ...(await findTables(client, names)), serverMajor: Math.floor(Number(rows[0]?.version) / 10_000) };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("snapshot.not_taken", `The database says: ${message}`, { cause });
  } finally {
    await client.end().catch(() => undefined);
  }
}

interface RunPlace {
  readonly database: Database;
  readonly serverMajor: number;
  readonly signal: AbortSignal;
  readonly stdin?: Readable;
  readonly stdout?: PassThrough;
}

async function run(
  [name, ...words]: readonly ["pg_dump" | "pg_restore", ...string[]],
  { database, serverMajor, ...streams }: RunPlace,
): Promise<void> {
  const program = await findPostgresProgram(name, serverMajor);
  if (program === null) throw noProgram(name, serverMajor);
  const { socketDir, port, writer } = database;
  const env = {
    PATH: "/usr/bin:/bin",
    LANG: "C.UTF-8",
    PGHOST: socketDir,
    PGPORT: String(port),
    PGUSER: userOf(database),
    PGDATABASE: database.database,
    PGCONNECT_TIMEOUT: "5",
    PGAPPNAME: "ai-infrastructure snapshot",
  };
  let said = "";
  const onOutput = (text: string): void => void (said = `${said}${text}`.slice(-4_000));
  const argv = [program, "--no-password", `--role=${writer}`, ...words] as const;
  const end = await runGroup(argv, { env, timeoutMs: COPY_MS, onOutput, ...streams });
  if (end.reason === "exited" && end.code === 0) return;
  const why = end.reason === "exited" ? said.trim() : "it was stopped";
  throw new AppError("snapshot.not_taken", `${name}: ${why.split("\n").slice(-4).join("; ")}`);
}

function noProgram(name: string, major: number): AppError {
  return new AppError("snapshot.not_taken", `There is no ${name} of PostgreSQL ${major} or newer here`, {
    hint: `Install the package postgresql-client-${major}, then let the agent try again.`,
  });
}

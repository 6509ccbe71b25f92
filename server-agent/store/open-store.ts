import { Kysely, PostgresDialect, type Transaction } from "kysely";
import { type CustomTypesConfig, Pool, TypeOverrides, types } from "pg";
import type { DaemonConfig } from "../../contract/daemon-config.ts";
import { AppError } from "../../contract/errors.ts";
import type { Log } from "../platform/log.ts";
import { pause } from "../platform/wait.ts";
import type { Redact } from "../platform/redact.ts";
import type { AuditDraft } from "./append-audit.ts";
import { isPassing } from "./connection-loss.ts";
import type { EventDraft, StoredEvent } from "./event-draft.ts";
import { PostgresSocket } from "./postgres-socket.ts";
import { preparing } from "./prepared-statements.ts";
import type { Database } from "./schema.ts";
import { tell } from "./tell.ts";

export type Tx = Transaction<Database>;
export type Emit = (event: EventDraft) => void;
/** Puts a record at the end of the audit trail, with the change it is about or not at all. */
export type Audit = (record: AuditDraft) => void;
type Change<T> = (tx: Tx, emit: Emit, audit: Audit) => Promise<T>;

/**
 * The truth. Everything done through it must be safe to repeat: while PostgreSQL is away the work is tried again, as
 * long as `signal` lives, or for a few seconds without one; then it fails with `store.unavailable`.
 */
export interface Store {
  read<T>(work: (db: Kysely<Database>) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** One consistent picture over several queries. */
  snapshot<T>(work: (tx: Tx) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** One statement that tells nobody: it commits by itself. */
  write<T>(statement: (db: Kysely<Database>) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Changes state and stores the events and audit records that tell about it, in one transaction. */
  change<T>(work: Change<T>, signal?: AbortSignal): Promise<T>;
  /** Called after each change with its events; with null after one whose outcome is not known. */
  onChanged(listener: (events: readonly StoredEvent[] | null) => void): void;
  close(): Promise<void>;
}

const GIVE_UP_MS = 5_000;
const RETRY_MS = 200;

export interface PoolOptions {
  readonly size: number;
  readonly log: Log;
  readonly types?: CustomTypesConfig;
  /** 0: as long as it takes. */
  readonly queryTimeoutMs?: number;
}

export function openPool(postgres: DaemonConfig["postgres"], options: PoolOptions): Pool {
  const { size, log, types, queryTimeoutMs = 20_000 } = options;
  const pool = new Pool({
    host: postgres.socketDir,
    port: postgres.port,
    user: postgres.user,
    database: postgres.database,
    max: size,
    connectionTimeoutMillis: 2_000,
    query_timeout: queryTimeoutMs,
    stream: () => new PostgresSocket(),
    ...(types ? { types } : {}),
  });
  const lost = (error: Error): void => log.debug("lost a PostgreSQL connection", { error: error.message });
  pool.on("error", lost);
  // The pool listens to idle clients only: one lost between two queries of a transaction would end the process.
  pool.on("connect", (client) => client.on("error", lost));
  return pool;
}

export interface StoreParts {
  readonly postgres: DaemonConfig["postgres"];
  readonly log: Log;
  /** For the audit trail. */
  readonly redact: Redact;
}

export function openStore({ postgres, log, redact }: StoreParts): { store: Store; db: Kysely<Database> } {
  const pool = openPool(postgres, { size: 6, log, types: numbers() });
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: preparing(pool) }) });
  const listeners: ((events: readonly StoredEvent[] | null) => void)[] = [];
  const store: Store = {
    read: async (work, signal) => await persist(async () => await work(db), signal),
    write: async (statement, signal) => await persist(async () => await statement(db), signal),
    snapshot: async (work, signal) =>
      await persist(async () => await db.transaction().setIsolationLevel("repeatable read").execute(work), signal),
    async change(work, signal) {
      let told: readonly StoredEvent[] | null = null;
      try {
        const done = await persist(async () => await changeOnce(db, redact, work), signal);
        told = done.told;
        return done.result;
      } finally {
        for (const listener of listeners) listener(told);
      }
    },
    onChanged: (listener) => listeners.push(listener),
    close: async () => await db.destroy(),
  };
  return { store, db };
}

/** Our big integers count events and rows; they stay far below what a number holds. */
function numbers(): TypeOverrides {
  const overrides = new TypeOverrides();
  overrides.setTypeParser(types.builtins.INT8, Number);
  return overrides;
}

interface Done<T> {
  readonly result: T;
  readonly told: readonly StoredEvent[];
}

async function changeOnce<T>(db: Kysely<Database>, redact: Redact, work: Change<T>): Promise<Done<T>> {
  return await db.transaction().execute(async (tx) => {
    const events: EventDraft[] = [];
    const records: AuditDraft[] = [];
    const result = await work(
      tx,
      (event) => events.push(event),
      (record) => records.push(record),
    );
    return { result, told: await tell(tx, { events, records }, redact) };
  });
}

async function persist<T>(attempt: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const giveUpAt = Date.now() + GIVE_UP_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (signal ? signal.aborted : Date.now() >= giveUpAt) throw unavailable(error);
      await pause(RETRY_MS, signal);
    }
  }
}

function unavailable(cause: unknown): AppError {
  return new AppError("store.unavailable", "The database of this server does not answer", {
    hint: "Nothing is lost: work goes on when PostgreSQL is back. See its state under Status.",
    details: cause instanceof Error ? cause.message : String(cause),
    cause,
  });
}

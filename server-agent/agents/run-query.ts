import { userInfo } from "node:os";
import { Client, DatabaseError, type QueryArrayResult } from "pg";
import type { DaemonConfig } from "../../contract/daemon-config.ts";
import { AppError } from "../../contract/errors.ts";
import { printRows } from "./print-rows.ts";

export interface Query {
  readonly sql: string;
  readonly max_rows: number;
  readonly timeout_seconds: number;
  readonly write: boolean;
}

type Database = NonNullable<DaemonConfig["workspaceDatabase"]>;

const CONNECT_MS = 5_000;
/** Beyond the statement's own limit, which PostgreSQL keeps. */
const GRACE_MS = 5_000;
const CONNECTION_CHECK_MS = 500;

/**
 * One statement on a connection of its own. What keeps it from writing is the role it acts as and the transaction, which
 * cannot be made to write once it has begun; what keeps it one statement is that PostgreSQL takes only one with values.
 */
export async function runQuery(database: Database, query: Query, signal: AbortSignal): Promise<string> {
  const client = new Client({
    host: database.socketDir,
    port: database.port,
    database: database.database,
    user: database.user ?? userInfo().username,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: query.timeout_seconds * 1000 + GRACE_MS,
    application_name: "ai-infrastructure agent",
    // Values as PostgreSQL writes them.
    types: { getTypeParser: () => String },
  });
  // PostgreSQL that goes away is told by the query.
  client.on("error", () => undefined);
  const stop = (): void => void client.end().catch(() => undefined);
  signal.addEventListener("abort", stop, { once: true });
  try {
    await client.connect();
    return await inTransaction(client, database, query);
  } catch (error) {
    signal.throwIfAborted();
    throw explained(error, query);
  } finally {
    signal.removeEventListener("abort", stop);
    await client.end().catch(() => undefined);
  }
}

async function inTransaction(client: Client, { reader, writer }: Database, query: Query): Promise<string> {
  const role = client.escapeIdentifier(query.write ? writer : reader);
  const ms = query.timeout_seconds * 1000;
  await client.query(`begin ${query.write ? "read write" : "read only"}`);
  await client.query(`set local role ${role}`);
  await client.query(`set local statement_timeout = ${ms}; set local idle_in_transaction_session_timeout = ${ms}`);
  // So that a statement ends with the agent that waits for it.
  await client.query(`set local client_connection_check_interval = ${CONNECTION_CHECK_MS}`);
  // After a first query no transaction can be made to write any more.
  await client.query("select 1");
  const result = await fetchRows(client, query);
  await client.query(query.write ? "commit" : "rollback");
  return printRows(result, query.max_rows);
}

/** With a cursor where there can be rows, so that no more of them come than are wanted. */
async function fetchRows(client: Client, { sql, max_rows }: Query): Promise<QueryArrayResult> {
  const statement = sql.replace(/;\s*$/, "");
  if (!/^(?:select|with|table|values)\b/i.test(statement)) return await one(client, statement);
  await client.query("savepoint before_cursor");
  try {
    await one(client, `declare rows no scroll cursor for ${statement}`);
  } catch (error) {
    // No cursor takes what writes, such as `select … into` or an `insert` inside `with`.
    if (!(error instanceof DatabaseError)) throw error;
    await client.query("rollback to savepoint before_cursor");
    return await one(client, statement);
  }
  return await client.query({ text: `fetch ${max_rows + 1} from rows`, rowMode: "array" });
}

/** The extended protocol takes exactly one statement. */
async function one(client: Client, text: string): Promise<QueryArrayResult> {
  return await client.query({ text, values: [], rowMode: "array", queryMode: "extended" } as QueryConfigOfOne);
}

interface QueryConfigOfOne {
  readonly text: string;
  readonly values: unknown[];
  readonly rowMode: "array";
  readonly queryMode: "extended";
}

function explained(error: unknown, query: Query): AppError {
  if (error instanceof AppError) return error;
  if (!(error instanceof DatabaseError)) {
    const message = error instanceof Error ? error.message : String(error);
    return new AppError("store.unavailable", `The database cannot be reached: ${message}`, { cause: error });
  }
  if (error.code === "57014") {
    return new AppError("app.timed_out", `The statement was stopped after ${query.timeout_seconds} s`, {
      cause: error,
    });
  }
  const hint = error.code === "25006" ? "The transaction only reads." : error.hint;
  return new AppError("app.bad_input", `PostgreSQL: ${error.message}`, {
    hint,
    details: error.detail,
    cause: error,
  });
}

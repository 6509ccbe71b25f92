import { Socket } from "node:net";

/** DBOS fails a workflow for these. While PostgreSQL is killed or restarted they mean no more than a refusal does. */
const LIKE_A_REFUSAL = new Set(["EPIPE", "ENOENT", "EACCES"]);

/** A connection to PostgreSQL that tells its loss in the words that both DBOS and the store try again after. */
export class PostgresSocket extends Socket {
  override destroy(error?: Error): this {
    return super.destroy(error && asRefusal(error));
  }
}

function asRefusal(error: NodeJS.ErrnoException): Error {
  if (!LIKE_A_REFUSAL.has(error.code ?? "")) return error;
  return Object.assign(new Error(error.message, { cause: error }), { code: "ECONNREFUSED" });
}

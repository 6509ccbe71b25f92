const LOST_CODES = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ENOENT", "ETIMEDOUT", "EACCES"]);
const LOST_MESSAGES = [
  /^Connection terminated/,
  /timeout exceeded when trying to connect/,
  /not queryable/,
  /read timeout/,
];

/** Class 08: connection exception; 57P: shut down or starting; 53300: too many connections. */
const LOST_STATES = /^(08...|57P0[1-4]|53300)$/;
/** Serialization failure and deadlock: nothing was written. */
const RETRY_STATES = new Set(["40001", "40P01"]);

/** True when the work may be tried again as it is: PostgreSQL is away or two transactions were in each other's way. */
export function isPassing(error: unknown): boolean {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  if (typeof code === "string" && (LOST_CODES.has(code) || LOST_STATES.test(code) || RETRY_STATES.has(code))) {
    return true;
  }
  return typeof message === "string" && LOST_MESSAGES.some((pattern) => pattern.test(message));
}

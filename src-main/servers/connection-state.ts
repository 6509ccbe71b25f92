import type { WireError } from "../../contract/errors.ts";
import type { Connection, HostKey, Question } from "../../contract/servers.ts";

export type ConnectionAction =
  | { readonly type: "attempt_started"; readonly attempt: number }
  | { readonly type: "question_asked"; readonly question: Question }
  | { readonly type: "question_answered"; readonly attempt: number }
  | { readonly type: "opened"; readonly at: string }
  | { readonly type: "latency_measured"; readonly ms: number }
  | { readonly type: "fell_silent"; readonly since: string }
  | { readonly type: "answered_again" }
  | { readonly type: "lost"; readonly error: WireError; readonly retryAt: string }
  | { readonly type: "refused"; readonly error: WireError; readonly keys: RefusedKeys | null }
  | { readonly type: "disconnected" };

export interface RefusedKeys {
  readonly expected: HostKey;
  readonly found: HostKey;
  /** Set when they are those of the jump host. */
  readonly jumpHost?: string;
}

/** Every move of a connection. An action that comes too late for the state it meant changes nothing. */
export function nextConnection(before: Connection, action: ConnectionAction): Connection {
  switch (action.type) {
    case "attempt_started":
      return before.state === "online" ? before : { state: "connecting", attempt: action.attempt };
    case "question_asked":
      return before.state === "connecting" ? { state: "asking", question: action.question } : before;
    case "question_answered":
      return before.state === "asking" ? { state: "connecting", attempt: action.attempt } : before;
    case "opened":
      return before.state === "connecting"
        ? { state: "online", since: action.at, latencyMs: null, silentSince: null }
        : before;
    case "latency_measured":
      return before.state === "online" ? { ...before, latencyMs: action.ms } : before;
    case "fell_silent":
      return before.state === "online" ? { ...before, silentSince: action.since } : before;
    case "answered_again":
      return before.state === "online" ? { ...before, silentSince: null } : before;
    case "lost":
      return isActive(before) ? { state: "waiting", retryAt: action.retryAt, error: action.error } : before;
    case "refused":
      return isActive(before) ? { state: "refused", error: action.error, ...action.keys } : before;
    case "disconnected":
      return { state: "offline" };
  }
}

function isActive({ state }: Connection): boolean {
  return state === "connecting" || state === "asking" || state === "online";
}

const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 15_000;

/** Milliseconds before trying again after `failures` attempts in a row that failed. */
export function retryDelay(failures: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** Math.max(0, failures - 1), LONGEST_RETRY_MS);
}

const WORTH_RETRYING: ReadonlySet<WireError["code"]> = new Set([
  "app.timed_out",
  "connection.lost",
  "connection.refused",
  "connection.timed_out",
  "connection.unreachable",
]);

/** Whether trying again may help without a person. */
export function isWorthRetrying(error: WireError): boolean {
  return WORTH_RETRYING.has(error.code);
}

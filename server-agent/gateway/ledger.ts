import type { AgentName } from "../../contract/agents.ts";
import type { TokenCounts } from "../../contract/model-prices.ts";
import type { Rest } from "../../contract/tasks.ts";

export interface ModelRequest {
  readonly agent: AgentName;
  /** As the console named it; null when it named none. */
  readonly turnId: string | null;
  readonly model: string;
  readonly simulated: boolean;
  /** Aborts when the console is gone: then nobody waits for the answer. */
  readonly signal: AbortSignal;
}

/** What became of a request: told when the answer begins and when it ends, of which the later one counts. */
export interface ModelUse {
  /** As the answer names it. */
  readonly model: string;
  readonly status: number;
  /** Our code for what broke the answer; null when nothing did. */
  readonly error: string | null;
  readonly tokens: TokenCounts;
  readonly ms: number;
  readonly firstTokenMs: number | null;
}

/** The books of one request. */
export interface Account {
  /** Why the request has to wait; null when it may go on. */
  readonly rest: Rest | null;
  /** Never throws. */
  record(use: ModelUse): Promise<void>;
}

/** Who pays for model requests. */
export interface Ledger {
  /** Throws when the turn is not this agent's own, or has ended. */
  open(request: ModelRequest): Promise<Account>;
}

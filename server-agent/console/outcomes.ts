import type { ConsoleClient } from "./daemon-link.ts";

/** How a tool call ended, as the model is told. */
export interface CallOutcome {
  readonly output: string;
  readonly failed: boolean;
}

/** How a turn ended, as the daemon is told. */
export type TurnOutcome = Parameters<ConsoleClient["finish"]>[0]["outcome"];

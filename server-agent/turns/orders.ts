import type { AgentName } from "../../contract/agents.ts";
import type { ConsoleOrder } from "../../contract/console-api.ts";
import { deliverTurn, readCancelledTurns, readOpenTurns, type TurnParts } from "./run-turn.ts";

/** Work for a console that just connected: what it missed first, then what comes. */
export async function* orders(parts: TurnParts, agent: AgentName, signal?: AbortSignal): AsyncGenerator<ConsoleOrder> {
  const queue = parts.consoles.connect(agent, signal);
  for (const turnId of await readCancelledTurns(parts.store, agent, signal)) {
    parts.consoles.send(agent, { type: "interrupt", turnId });
  }
  for (const turn of await readOpenTurns(parts.store, agent, signal)) await deliverTurn(parts, turn, signal);
  yield* queue;
}

import type { AgentName } from "../../contract/agents.ts";
import type { ConsoleOrder, SecretMarks } from "../../contract/console-api.ts";
import { pendingRestores, type RestoreParts } from "../snapshots/restore.ts";
import { readCancelledTurns, readOpenTurns, readSteering } from "./open-turn.ts";
import type { TurnParts } from "./run-turn.ts";

export interface OrdersParts extends TurnParts {
  readonly secretMarks: SecretMarks;
}

/** Work for a console that just connected: what it missed first, then what comes. */
export async function* orders(
  parts: OrdersParts & Pick<RestoreParts, "limits">,
  agent: AgentName,
  signal?: AbortSignal,
): AsyncGenerator<ConsoleOrder> {
  const queue = parts.consoles.connect(agent, signal);
  parts.consoles.send(agent, { type: "secrets", secrets: parts.secretMarks });
  const profile = parts.definitions.profileOf(agent);
  parts.consoles.send(agent, { type: "standing", level: profile.level, model: profile.model });
  for (const turnId of await readCancelledTurns(parts.store, agent, signal)) {
    parts.consoles.send(agent, { type: "interrupt", turnId });
  }
  for (const { agent: _, ...turn } of await readOpenTurns(parts.store, agent, signal)) {
    parts.consoles.send(agent, { type: "turn", turn: { ...turn, profile } });
  }
  for (const steering of await readSteering(parts.store, agent, signal)) {
    parts.consoles.send(agent, { type: "steer", ...steering });
  }
  for (const { restore } of await pendingRestores(parts, agent)) {
    parts.consoles.send(agent, { type: "restore", restore });
  }
  yield* queue;
}

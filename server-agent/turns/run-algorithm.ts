import { AppError } from "../../contract/errors.ts";
import { derivedId } from "../platform/derived-id.ts";
import { insertRun } from "../store/insert-run.ts";
import { type Change, type DelegationEnd, joinChild } from "./delegate.ts";
import type { TurnRequest } from "./journal.ts";
import type { OwnTurn } from "./own-turn.ts";
import type { TurnParts } from "./run-turn.ts";

export interface RunRequest {
  readonly callId: string;
  readonly request: string;
}

export interface RunParts extends TurnParts {
  readonly startRun: (taskId: string) => void;
}

/** Begins a run of the Algorithm and waits for its end; the same call again joins the run already begun. */
export async function runAlgorithm(
  parts: RunParts,
  from: TurnRequest,
  { callId, request }: RunRequest,
): Promise<DelegationEnd> {
  const id = derivedId("task", from.turnId, callId);
  return await joinChild(parts, from, {
    id,
    insert: async (change, turn) => await insertOwnRun(change, turn, { id, request }),
    start: () => parts.startRun(id),
  });
}

async function insertOwnRun(
  { tx, emit }: Change,
  turn: OwnTurn,
  { id, request }: { readonly id: string; readonly request: string },
): Promise<void> {
  const task = await tx.selectFrom("tasks").selectAll().where("id", "=", turn.taskId).executeTakeFirstOrThrow();
  if (turn.agent !== "supervisor" || task.mode === "direct" || task.phase !== null) {
    throw new AppError("app.bad_input", "The Algorithm cannot be run here", {
      hint: "Only the supervisor begins a run, not within another one, and not where a person wants a direct answer.",
    });
  }
  const parent = { id: turn.taskId, rootId: turn.rootId };
  const place = { agent: turn.agent, conversationId: turn.conversationId, origin: "agent" } as const;
  await insertRun(tx, emit, { id, ...place, request, parent, priority: task.priority });
}

import { z } from "zod";
import type { AgentName } from "../../contract/agents.ts";
import { PHASE_OUTPUTS } from "../../contract/algorithm.ts";
import type { Rest, Task } from "../../contract/tasks.ts";
import { AppError, type WireError } from "../../contract/errors.ts";
import { insertMessage } from "../store/insert-message.ts";
import { derivedId } from "../platform/derived-id.ts";
import type { Emit, Store, Tx } from "../store/open-store.ts";
import { endTask, insertTask, restTask, type TaskEnd } from "../store/task-changes.ts";
import { takeTeamMessage } from "../store/team-message-changes.ts";
import { messageIdOf } from "./board.ts";
import type { TurnRequest } from "./journal.ts";
import { ownTurn, type OwnTurn } from "./own-turn.ts";

export interface Said {
  readonly kind: "said" | "thought";
  readonly messageIndex: number;
  readonly text: string;
  readonly simulated: boolean;
  readonly ms?: number | undefined;
}

export type TurnOutcome =
  | { readonly state: "done"; readonly text: string; readonly simulated: boolean; readonly output?: unknown }
  | { readonly state: "failed"; readonly error: WireError }
  | { readonly state: "interrupted" }
  | { readonly state: "resting"; readonly rest: Rest };

/** Returns the id of the message. */
export async function sayMessage(store: Store, request: TurnRequest, said: Said): Promise<string> {
  return await store.change(async (tx, emit) => {
    const turn = await ownTurn(tx, request.agent, request.turnId);
    const id = messageIdOf(turn.turnId, said);
    await insertMessage(tx, emit, {
      id,
      conversationId: turn.conversationId,
      taskId: turn.taskId,
      role: said.kind === "thought" ? "thought" : "agent",
      agent: turn.agent,
      text: said.text,
      simulated: said.simulated,
      ...(said.ms !== undefined && { ms: said.ms }),
    });
    return id;
  }, request.signal);
}

/**
 * Ends the turn and with it the task, or lets the task rest; null when it has not ended by this, such as one that was
 * cancelled before.
 */
export async function finishTurn(store: Store, request: TurnRequest, outcome: TurnOutcome): Promise<Task | null> {
  return await store.change(async (tx, emit, audit) => {
    const turn = await ownTurn(tx, request.agent, request.turnId);
    if (outcome.state === "resting") {
      await restTask(tx, emit, { id: turn.taskId, rest: outcome.rest });
      return null;
    }
    const checked = await withOutput(tx, turn.taskId, outcome);
    const ended = await endTask(tx, emit, { id: turn.taskId, ...taskEnd(checked, request.agent) });
    if (ended) audit({ kind: "task_ended", agent: turn.agent, taskId: ended.id, detail: { state: ended.state } });
    if (ended) await askAgain(tx, emit, turn);
    return ended;
  }, request.signal);
}

/** What people said too late for this turn becomes a task of its own. */
async function askAgain(tx: Tx, emit: Emit, { taskId, turnId, agent, conversationId }: OwnTurn): Promise<void> {
  const late = await tx
    .selectFrom("team_messages as message")
    .leftJoin("team_message_receipts as receipt", "receipt.message_id", "message.id")
    .select(["message.id", "message.action"])
    .where("message.task_id", "=", taskId)
    .where("message.source", "=", "person")
    .where("receipt.message_id", "is", null)
    .orderBy("message.number")
    .execute();
  for (const { id, action } of late) {
    await takeTeamMessage(tx, emit, { id, agent, turnId });
    await insertTask(tx, emit, { id: derivedId("task", id), conversationId, agent, origin: "person", request: action });
  }
}

type TurnEnd = Exclude<TurnOutcome, { state: "resting" }>;

/** A task that has to end with an output is done only with a good one, whatever the console says. */
async function withOutput(tx: Tx, taskId: string, outcome: TurnEnd): Promise<TurnEnd> {
  const { wanted_output: wanted } = await tx
    .selectFrom("tasks")
    .select("wanted_output")
    .where("id", "=", taskId)
    .executeTakeFirstOrThrow();
  if (outcome.state !== "done" || wanted === null) return outcome;
  const output = PHASE_OUTPUTS[wanted.phase].safeParse(outcome.output);
  if (output.success) return { ...outcome, output: output.data };
  const error = new AppError("task.failed", `The ${wanted.phase} phase ended without its output`, {
    details: z.prettifyError(output.error),
  });
  return { state: "failed", error: error.toWire() };
}

function taskEnd(outcome: TurnEnd, agent: AgentName): TaskEnd {
  switch (outcome.state) {
    case "done":
      return {
        state: "done",
        result: outcome.text,
        error: null,
        simulated: outcome.simulated,
        output: outcome.output,
      };
    case "failed":
      return { state: "failed", result: null, error: outcome.error, simulated: false };
    case "interrupted": {
      const error = new AppError("task.cancelled", `The work of ${agent} was interrupted in its window`);
      return { state: "cancelled", result: null, error: error.toWire(), simulated: false };
    }
  }
}

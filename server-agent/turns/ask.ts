import { AppError } from "../../contract/errors.ts";
import { derivedId } from "../platform/derived-id.ts";
import { toApproval } from "../store/rows.ts";
import type { TurnRequest } from "./journal.ts";
import { ownOpenTurn } from "./own-turn.ts";
import { type Answer, openQuestion, whenAnswered } from "./questions.ts";
import type { TurnParts } from "./run-turn.ts";

export interface OwnWords {
  readonly callId: string;
  readonly action: string;
  readonly reason: string;
}

/** Asks a person in the agent's own words and waits; the same call again joins the question already asked. */
export async function ask(parts: TurnParts, from: TurnRequest, question: OwnWords): Promise<{ answer: Answer }> {
  const id = derivedId("approval", from.turnId, question.callId);
  const asked = await parts.store.change(async (tx, emit, audit) => {
    const turn = await ownOpenTurn(tx, from.agent, from.turnId);
    return await openQuestion({ tx, emit, audit }, turn, { ...question, id, call: null });
  }, from.signal);
  return { answer: await whenAnswered(parts, asked, from.signal) };
}

/** Waits for the answer to a question that a call of this turn led to. */
export async function joinApproval(
  parts: TurnParts,
  from: TurnRequest,
  approvalId: string,
): Promise<{ answer: Answer }> {
  const asked = await parts.store.read(async (db) => {
    const turn = await ownOpenTurn(db, from.agent, from.turnId);
    const row = await db
      .selectFrom("approvals")
      .selectAll()
      .where("id", "=", approvalId)
      .where("task_id", "=", turn.taskId)
      .executeTakeFirst();
    if (!row) throw new AppError("app.not_found", `The task ${turn.taskId} asked no question ${approvalId}`);
    return toApproval(row);
  }, from.signal);
  return { answer: await whenAnswered(parts, asked, from.signal) };
}

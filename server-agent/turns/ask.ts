import type { Approval } from "../../contract/approvals.ts";
import { closeApproval } from "../approvals/approvals.ts";
import { waitFor } from "../events/wait-for.ts";
import { derivedId } from "../platform/derived-id.ts";
import type { Emit, Tx } from "../store/open-store.ts";
import { toApproval } from "../store/rows.ts";
import { storableText } from "../store/storable-text.ts";
import { moveTask } from "../store/task-changes.ts";
import { isWaiting } from "./delegate.ts";
import type { TurnRequest } from "./journal.ts";
import { ownOpenTurn, type OwnTurn } from "./own-turn.ts";
import type { TurnParts } from "./run-turn.ts";

export interface Question {
  readonly callId: string;
  readonly action: string;
  readonly reason: string;
}

export type Answer = Exclude<Approval["state"], "open">;

const EXPIRES_MS = 30 * 60_000;

/** Asks a person and waits; the same call again joins the question already asked, with its first deadline. */
export async function ask(parts: TurnParts, from: TurnRequest, question: Question): Promise<{ answer: Answer }> {
  const id = derivedId("approval", from.turnId, question.callId);
  const asked = await parts.store.change(async (tx, emit) => {
    const turn = await ownOpenTurn(tx, from.agent, from.turnId);
    const approval = await openApproval({ tx, emit }, turn, { ...question, id });
    if (approval.state === "open") await moveTask(tx, emit, { id: turn.taskId, to: "waiting" });
    return approval;
  }, from.signal);
  const answer = await whenAnswered(parts, asked, from.signal);
  await parts.store.change(async (tx, emit) => {
    if (!(await isWaiting(tx, asked.taskId))) await moveTask(tx, emit, { id: asked.taskId, to: "running" });
  }, from.signal);
  return { answer };
}

async function openApproval(
  { tx, emit }: { tx: Tx; emit: Emit },
  turn: OwnTurn,
  question: Question & { readonly id: string },
): Promise<Approval> {
  const row = await tx
    .insertInto("approvals")
    .values({
      id: question.id,
      task_id: turn.taskId,
      conversation_id: turn.conversationId,
      agent: turn.agent,
      action: storableText(question.action),
      reason: storableText(question.reason),
      state: "open",
      expires_at: new Date(Date.now() + EXPIRES_MS),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row) emit({ type: "approval_changed", approval: toApproval(row) });
  const stored =
    row ?? (await tx.selectFrom("approvals").selectAll().where("id", "=", question.id).executeTakeFirstOrThrow());
  return toApproval(stored);
}

async function whenAnswered(parts: TurnParts, asked: Approval, signal?: AbortSignal): Promise<Answer> {
  const expire = async (): Promise<void> => {
    await parts.store.change(async (tx, emit) => await closeApproval({ tx, emit }, asked.id, "expired"), signal);
  };
  const timer = setTimeout(() => void expire().catch(() => {}), Date.parse(asked.expiresAt) - Date.now());
  try {
    return await waitFor(parts.feed, {
      matches: (event) => event.type === "approval_changed" && event.approval.id === asked.id,
      async read() {
        const { state } = await parts.store.read(
          async (db) =>
            await db.selectFrom("approvals").select("state").where("id", "=", asked.id).executeTakeFirstOrThrow(),
          signal,
        );
        return state === "open" ? null : state;
      },
      signal,
    });
  } finally {
    clearTimeout(timer);
  }
}

import type { Approval, Destructive } from "../../contract/approvals.ts";
import type { ActionPattern } from "../../contract/permissions.ts";
import { closeApproval } from "../approvals/approvals.ts";
import { waitFor } from "../events/wait-for.ts";
import type { Audit, Emit, Tx } from "../store/open-store.ts";
import { toApproval } from "../store/rows.ts";
import { storableText } from "../store/storable-text.ts";
import { moveTask } from "../store/task-changes.ts";
import { isWaiting } from "./delegate.ts";
import type { OwnTurn } from "./own-turn.ts";
import type { TurnParts } from "./run-turn.ts";

export type Answer = Exclude<Approval["state"], "open">;

export interface Question {
  readonly id: string;
  /** What a person is shown, exactly. */
  readonly action: string;
  readonly reason: string;
  /** The call the answer is bound to; null for a question in the agent's own words. */
  readonly call: BoundCall | null;
  /** How often it was done already, when that is the question. */
  readonly repeats?: number;
  /** How long it stays open; half an hour by default. */
  readonly lifetimeMs?: number;
}

export interface BoundCall {
  readonly tool: string;
  readonly input: unknown;
  readonly hash: string;
  readonly destructive: Destructive | null;
  readonly grantable: readonly ActionPattern[];
}

export interface ChangeParts {
  readonly tx: Tx;
  readonly emit: Emit;
  readonly audit: Audit;
}

const EXPIRES_MS = 30 * 60_000;

/** Who asks. */
export type Asker = Pick<OwnTurn, "taskId" | "conversationId" | "agent">;

/** Asks a person, and lets the task wait; the same question again is the question already asked, with its first deadline. */
export async function openQuestion(parts: ChangeParts, turn: Asker, question: Question): Promise<Approval> {
  const approval = await insertQuestion(parts, turn, question);
  if (approval.state === "open") await moveTask(parts.tx, parts.emit, { id: turn.taskId, to: "waiting" });
  return approval;
}

async function insertQuestion({ tx, emit, audit }: ChangeParts, turn: Asker, question: Question): Promise<Approval> {
  const { id, call } = question;
  const shown = { action: storableText(question.action), reason: storableText(question.reason) };
  const place = { task_id: turn.taskId, conversation_id: turn.conversationId, agent: turn.agent };
  const bound = {
    tool: call?.tool ?? null,
    input: call ? JSON.stringify(call.input ?? null) : null,
    action_hash: call?.hash ?? null,
    grantable: call ? JSON.stringify(call.grantable) : null,
    destructive: call?.destructive ? JSON.stringify(call.destructive) : null,
  };
  const row = await tx
    .insertInto("approvals")
    .values({
      id,
      ...place,
      ...shown,
      ...bound,
      repeats: question.repeats ?? null,
      state: "open",
      expires_at: expiry(question),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
  if (!row)
    return toApproval(await tx.selectFrom("approvals").selectAll().where("id", "=", id).executeTakeFirstOrThrow());
  const approval = toApproval(row);
  emit({ type: "approval_changed", approval });
  const detail = { approval: id, ...shown, tool: approval.tool, hash: approval.hash };
  audit({ kind: "approval_asked", agent: turn.agent, taskId: turn.taskId, detail });
  return approval;
}

function expiry({ lifetimeMs = EXPIRES_MS }: Question): Date {
  return new Date(Date.now() + lifetimeMs);
}

type AnswerParts = Pick<TurnParts, "store" | "feed">;

/** Waits for the answer, at most until the question expires; then the task goes on. */
export async function whenAnswered(parts: AnswerParts, asked: Approval, signal?: AbortSignal): Promise<Answer> {
  const answer = await readAnswer(parts, asked, signal);
  await parts.store.change(async (tx, emit) => {
    if (!(await isWaiting(tx, asked.taskId))) await moveTask(tx, emit, { id: asked.taskId, to: "running" });
  }, signal);
  return answer;
}

/** Waits for the answer, at most until the question expires; the task goes on waiting for its own reasons. */
export async function readAnswer(parts: AnswerParts, asked: Approval, signal?: AbortSignal): Promise<Answer> {
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

import type { Approval } from "../../contract/approvals.ts";
import { derivedId } from "../platform/derived-id.ts";
import { AppError } from "../../contract/errors.ts";
import type { Emit, Store, Tx } from "../store/open-store.ts";
import { toApproval } from "../store/rows.ts";
import { giveGrant, PERSON } from "./grants.ts";

export interface ApprovalAnswer {
  readonly id: string;
  readonly allow: boolean;
  /** Of the action that the person was shown. */
  readonly hash: string | null;
  /** Allows what is grantable of the action for some time, too. */
  readonly forMinutes?: number | undefined;
}

/** The first answer counts; repeating it is fine, changing it is refused. */
export async function answerApproval(store: Store, { id, allow, hash, forMinutes }: ApprovalAnswer): Promise<Approval> {
  const wanted = allow ? "allowed" : "denied";
  const approval = await store.change(async (tx, emit, audit) => {
    const row = await tx.selectFrom("approvals").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();
    if (!row) throw new AppError("app.not_found", `There is no question ${id}`);
    if (row.action_hash !== hash) throw anotherAction(id);
    const state = row.expires_at.getTime() <= Date.now() ? "expired" : wanted;
    const closed = await closeApproval({ tx, emit }, id, state);
    const detail = { approval: id, answer: state, hash };
    if (closed) audit({ kind: "approval_answered", agent: row.agent, taskId: row.task_id, detail });
    if (closed?.state === "allowed" && forMinutes !== undefined) {
      for (const [index, covers] of closed.grantable.entries()) {
        const grantId = derivedId("grant", id, String(index));
        await giveGrant({ tx, audit }, { id: grantId, agent: row.agent, covers, minutes: forMinutes, givenBy: PERSON });
      }
    }
    return closed ?? toApproval(row);
  });
  if (approval.state === wanted) return approval;
  throw new AppError("app.bad_input", `This question was already ${approval.state}`, {
    hint: approval.state === "expired" ? "Ask the agent to try again." : "The first answer counts.",
  });
}

function anotherAction(id: string): AppError {
  return new AppError("app.bad_input", `The answer to question ${id} was given to another action`, {
    hint: "Look at the question again, then answer it.",
  });
}

export async function listApprovals(store: Store, state: Approval["state"] | undefined): Promise<Approval[]> {
  const rows = await store.read(async (db) => {
    const query = db.selectFrom("approvals").selectAll().orderBy("created_at", "desc").limit(200);
    return await (state ? query.where("state", "=", state) : query).execute();
  });
  return rows.map(toApproval);
}

/** Open questions of these tasks end unanswered. */
export async function expireApprovals(tx: Tx, emit: Emit, taskIds: readonly string[]): Promise<void> {
  if (taskIds.length === 0) return;
  const rows = await tx
    .updateTable("approvals")
    .set({ state: "expired" })
    .where("task_id", "in", taskIds)
    .where("state", "=", "open")
    .returningAll()
    .execute();
  for (const row of rows) emit({ type: "approval_changed", approval: toApproval(row) });
}

/** Null when it was closed before. */
export async function closeApproval(
  { tx, emit }: { tx: Tx; emit: Emit },
  id: string,
  state: Exclude<Approval["state"], "open">,
): Promise<Approval | null> {
  const row = await tx
    .updateTable("approvals")
    .set({ state, answered_at: state === "expired" ? null : new Date() })
    .where("id", "=", id)
    .where("state", "=", "open")
    .returningAll()
    .executeTakeFirst();
  if (!row) return null;
  emit({ type: "approval_changed", approval: toApproval(row) });
  return toApproval(row);
}

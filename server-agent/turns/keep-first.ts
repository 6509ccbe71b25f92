import { sql } from "kysely";
import type { Destructive } from "../../contract/approvals.ts";
import type { CallRequest, CallVerdict } from "../../contract/console-api.ts";
import { derivedId } from "../platform/derived-id.ts";
import type { Tx } from "../store/open-store.ts";
import { type Keeping, planKeeping } from "../snapshots/plan-keeping.ts";
import { actionText } from "./action-text.ts";
import type { OwnTurn } from "./own-turn.ts";

export interface KeepingLimits {
  readonly workspace: string;
  /** Of what one snapshot may hold. */
  readonly maxBytes: number;
}

/** A copy older than this says too little of what is there. */
const FRESH_MINUTES = 5;

interface Judged {
  readonly verdict: "allow" | "deny" | "ask";
  readonly because?: string;
  readonly destructive?: Destructive | null;
  readonly granted?: readonly Destructive[];
}

/**
 * What has to be kept before a call, as it was judged. What an agent may do by itself needs nothing.
 * `folder`: absolute, where the task works.
 */
export function keepingOf({ tool, input }: CallRequest, judged: Judged, folder: string): Keeping {
  const isPlain = judged.verdict === "deny" || (judged.verdict === "allow" && judged.because === undefined);
  if (isPlain) return { state: "nothing" };
  const destroys = [...(judged.destructive ? [judged.destructive] : []), ...(judged.granted ?? [])];
  return planKeeping({ tool, input, destroys }, folder);
}

export interface CallToKeepFor {
  readonly turn: OwnTurn;
  readonly maxBytes: number;
  readonly call: CallRequest;
  readonly hash: string;
  readonly keeping: Keeping;
  readonly approvalId: string | null;
}

/** Null when all that the call would destroy has been kept; else what the console has to do first, or why it may not. */
export async function keepFirst(
  tx: Tx,
  { turn, call, hash, keeping, approvalId, maxBytes }: CallToKeepFor,
): Promise<CallVerdict | null> {
  if (keeping.state === "nothing") return null;
  if (keeping.state === "impossible") return refused(keeping.reason);
  const id = derivedId("snapshot", turn.turnId, call.callId, hash);
  const before = await tx
    .selectFrom("snapshots")
    .select(["state", "error"])
    .select(sql<boolean>`kept_at > now() - ${sql.lit(FRESH_MINUTES)} * interval '1 minute'`.as("isFresh"))
    .where("id", "=", id)
    .executeTakeFirst();
  if (before?.state === "failed")
    return refused([before.error?.message, before.error?.hint].filter(Boolean).join(". "));
  if ((before?.state === "kept" || before?.state === "empty") && before.isFresh) return null;
  const place = { agent: turn.agent, task_id: turn.taskId, conversation_id: turn.conversationId };
  await tx
    .insertInto("snapshots")
    .values({
      id,
      ...place,
      kind: keeping.plan.kind,
      state: "taking",
      targets: "[]",
      approval_id: approvalId,
      call_id: `${turn.turnId}.${call.callId}`,
      action: actionText(call),
      plan: JSON.stringify(keeping.plan),
    })
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ state: "taking" }))
    .execute();
  return { verdict: "keep", keep: { snapshotId: id, plan: keeping.plan, maxBytes } };
}

function refused(reason: string): CallVerdict {
  return { verdict: "denied", reason: `Nothing was done, because no snapshot can be taken before it: ${reason}` };
}

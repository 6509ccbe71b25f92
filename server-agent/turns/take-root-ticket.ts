import { sql } from "kysely";
import type { DeskAnswer, TicketRequest } from "../../contract/broker-desk.ts";
import type { Store } from "../store/open-store.ts";

const GOOD_FOR_MINUTES = 10;

/**
 * Gives the broker the right to do one exact action, once: a call of this agent with this hash is running, began lately,
 * and has not been done as root yet. Where a person is needed, one must have allowed this call, or granted such calls.
 */
export async function takeRootTicket(
  store: Store,
  { agent, hash, needs }: Omit<TicketRequest, "ask">,
): Promise<DeskAnswer> {
  return await store.change(async (tx) => {
    const calls = await tx
      .selectFrom("calls")
      .innerJoin("turns", "turns.id", "calls.turn_id")
      .select(["calls.turn_id as turnId", "calls.call_id as callId", "calls.task_id as taskId"])
      .select("calls.allowed_by as allowedBy")
      .where("calls.agent", "=", agent)
      .where("calls.action_hash", "=", hash)
      .where("calls.state", "=", "running")
      .where("calls.root_used_at", "is", null)
      .where("calls.started_at", ">", sql<Date>`now() - ${sql.lit(GOOD_FOR_MINUTES)} * interval '1 minute'`)
      .where("turns.ended_at", "is", null)
      .orderBy("calls.number")
      .forUpdate("calls")
      .execute();
    if (calls.length === 0) {
      return { answer: "refused", reason: "no call of this agent that may run is exactly this one" };
    }
    const call = calls.find(({ allowedBy }) => needs === "permission" || isPersonal(allowedBy));
    if (!call) return { answer: "refused", reason: "no person has allowed it" };
    await tx
      .updateTable("calls")
      .set({ root_used_at: new Date() })
      .where("turn_id", "=", call.turnId)
      .where("call_id", "=", call.callId)
      .execute();
    return { answer: "ok", taskId: call.taskId };
  });
}

/** A grant is a person's word too, given before and for a while. */
function isPersonal(allowedBy: string | null): boolean {
  return allowedBy === "person" || /^grant \S+$/.test(allowedBy ?? "");
}

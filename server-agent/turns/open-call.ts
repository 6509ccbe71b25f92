import { sql } from "kysely";
import type { JournalEntry } from "../../contract/console-api.ts";
import type { Tx } from "../store/open-store.ts";
import { insertionOf, type TurnRequest } from "./journal.ts";
import { type OwnTurn, refuseEnded, refuseForeign, selectTurn } from "./own-turn.ts";
import { type LastCall, readLastCalls } from "./repeats.ts";

export interface WantedCall {
  readonly callId: string;
  readonly hash: string;
  /** The model's answer that wants the call, while it is not in the journal. */
  readonly answer?: JournalEntry | undefined;
}

export interface OpenCall {
  readonly turn: OwnTurn;
  /** The last calls of the turn, oldest first; none when this one is like none of them. */
  readonly last: readonly LastCall[];
}

/** What stands in the books of a call before it is decided on. Keeps the answer that wants it, in the same statement. */
export async function openCall(tx: Tx, from: TurnRequest, { callId, hash, answer }: WantedCall): Promise<OpenCall> {
  const keeping = answer ? tx.with("kept", () => sql<object>`(${insertionOf(from, answer)})`) : tx;
  const row = await selectTurn(keeping, from)
    .select(
      sql<boolean>`exists (
        select from calls where turn_id = turns.id and (call_id = ${callId} or action_hash = ${hash}))`.as("isKnown"),
    )
    .executeTakeFirst();
  const { isKnown, ...turn } = refuseEnded(row ?? refuseForeign(from));
  return { turn, last: isKnown ? await readLastCalls(tx, turn.turnId) : [] };
}

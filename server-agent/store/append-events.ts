import { sql, type Transaction } from "kysely";
import { conversationOf, type EventDraft } from "./event-draft.ts";
import type { Database } from "./schema.ts";

/**
 * Numbers and stores events as the last act of a transaction. The counter's row stays locked until the commit, so the
 * order of numbers is the order of commits, without gaps: a reader never misses one that became visible later.
 */
export async function appendEvents(tx: Transaction<Database>, drafts: readonly EventDraft[]): Promise<void> {
  if (drafts.length === 0) return;
  const counter = await tx
    .updateTable("event_counter")
    .set({ seq: sql`seq + ${drafts.length}` })
    .returning("seq")
    .executeTakeFirstOrThrow();
  const first = counter.seq - drafts.length + 1;
  const rows = drafts.map((draft, index) => ({
    seq: first + index,
    conversation_id: conversationOf(draft),
    payload: JSON.stringify(draft),
  }));
  await tx.insertInto("events").values(rows).execute();
}

import type { Message } from "../../contract/chat.ts";
import type { Emit, Tx } from "./open-store.ts";
import { toMessage } from "./rows.ts";
import { storableText } from "./storable-text.ts";

export type MessageDraft = Omit<Message, "at"> & { readonly seq?: number };

/** The same id twice is one message, told once. */
export async function insertMessage(tx: Tx, emit: Emit, message: MessageDraft): Promise<void> {
  const row = await tx
    .insertInto("messages")
    .values({
      id: message.id,
      conversation_id: message.conversationId,
      task_id: message.taskId,
      role: message.role,
      agent: message.agent,
      text: storableText(message.text),
      simulated: message.simulated,
      seq: message.seq ?? null,
      ms: message.ms ?? null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row) emit({ type: "message_added", message: toMessage(row) });
}

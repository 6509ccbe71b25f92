import type { AgentName } from "../../contract/agents.ts";
import { DEFAULT_PRIORITY, type SentMessage, type TeamMessage } from "../../contract/team-messages.ts";
import type { Emit, Tx } from "./open-store.ts";
import type { Database } from "./schema.ts";
import { storableText } from "./storable-text.ts";

export interface MessageDraft extends Pick<TeamMessage, "id" | "source" | "target" | "type"> {
  readonly conversationId: string;
  readonly taskId: string | null;
  readonly action: string;
  readonly context?: string;
  readonly priority?: number;
  readonly pai?: Partial<TeamMessage["pai"]>;
}

const NO_PAI: TeamMessage["pai"] = { algorithm_phase: null, verification_criteria: [], learning_signals: [] };

/** The same id twice is one message, told once. */
export async function insertTeamMessage(tx: Tx, emit: Emit, draft: MessageDraft): Promise<void> {
  const row = await tx
    .insertInto("team_messages")
    .values({
      id: draft.id,
      conversation_id: draft.conversationId,
      task_id: draft.taskId,
      source: draft.source,
      target: draft.target,
      type: draft.type,
      priority: draft.priority ?? DEFAULT_PRIORITY,
      action: storableText(draft.action),
      context: storableText(draft.context ?? ""),
      memory_refs: "[]",
      pai: JSON.stringify({ ...NO_PAI, ...draft.pai }),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row) emit({ type: "team_message_changed", message: toSentMessage(row, []) });
}

/** Marks a message as taken by an agent; once, however often it is delivered. */
export async function takeTeamMessage(
  tx: Tx,
  emit: Emit,
  { id, agent, turnId }: { readonly id: string; readonly agent: AgentName; readonly turnId: string },
): Promise<void> {
  const taken = await tx
    .insertInto("team_message_receipts")
    .values({ message_id: id, agent, turn_id: turnId })
    .onConflict((conflict) => conflict.doNothing())
    .returning("message_id")
    .executeTakeFirst();
  if (!taken) return;
  const row = await tx.selectFrom("team_messages").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
  emit({ type: "team_message_changed", message: toSentMessage(row, await readTakers(tx, id)) });
}

export async function readTakers(db: Pick<Tx, "selectFrom">, id: string): Promise<AgentName[]> {
  const rows = await db
    .selectFrom("team_message_receipts")
    .select("agent")
    .where("message_id", "=", id)
    .orderBy("at")
    .execute();
  return rows.map(({ agent }) => agent);
}

type Row = Omit<Database["team_messages"], "number" | "at" | "memory_refs" | "pai"> & {
  readonly at: Date;
  readonly memory_refs: readonly string[];
  readonly pai: TeamMessage["pai"];
};

export function toSentMessage(row: Row, takenBy: readonly AgentName[]): SentMessage {
  const { action, context, memory_refs } = row;
  return {
    id: row.id,
    timestamp: row.at.toISOString(),
    source: row.source,
    target: row.target,
    type: row.type,
    priority: row.priority,
    payload: { task_id: row.task_id, action, context, memory_refs: [...memory_refs] },
    pai: row.pai,
    conversationId: row.conversation_id,
    takenBy: [...takenBy],
  };
}

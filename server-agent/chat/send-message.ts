import type { AgentName } from "../../contract/agents.ts";
import { derivedId } from "../platform/derived-id.ts";
import { insertMessage } from "../store/insert-message.ts";
import type { Audit, Emit, Store, Tx } from "../store/open-store.ts";
import { insertTask } from "../store/task-changes.ts";

export interface SendParts {
  readonly store: Store;
  readonly startTask: (taskId: string) => void;
}

export interface SendRequest {
  readonly id: string;
  readonly conversationId: string;
  readonly text: string;
  readonly agent?: AgentName | undefined;
  readonly from: "person" | "window";
  readonly priority?: number | undefined;
}

export interface Sent {
  readonly taskId: string;
  /** The number of the event that told about the message. */
  readonly seq: number;
}

/** The message, its task and their events, in one commit; the same id again is the same message and task. */
export async function sendMessage(parts: SendParts, request: SendRequest): Promise<Sent> {
  const agent = request.agent ?? "supervisor";
  const taskId = derivedId("task", request.id);
  const seq = await parts.store.change(
    async (tx, emit, audit) => await insertBoth({ tx, emit, audit }, request, { taskId, agent }),
  );
  parts.startTask(taskId);
  return { taskId, seq };
}

async function insertBoth(
  { tx, emit, audit }: { tx: Tx; emit: Emit; audit: Audit },
  { id, conversationId, text, from, agent: addressee, priority }: SendRequest,
  { taskId, agent }: { taskId: string; agent: AgentName },
): Promise<number> {
  const counter = await tx.selectFrom("event_counter").select("seq").forUpdate().executeTakeFirstOrThrow();
  const known = await tx.selectFrom("messages").select("seq").where("id", "=", id).executeTakeFirst();
  if (known) return known.seq ?? counter.seq;
  const seq = counter.seq + 1;
  await tx
    .insertInto("conversations")
    .values({ id: conversationId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const said = { role: "person", agent: addressee ?? null, text, simulated: false } as const;
  await insertMessage(tx, emit, { id, conversationId, taskId, ...said, seq });
  await insertTask(tx, emit, {
    id: taskId,
    conversationId,
    agent,
    origin: from,
    request: text,
    ...(priority && { priority }),
  });
  audit({ kind: "prompt", agent, taskId, detail: { message: id, from, text } });
  return seq;
}

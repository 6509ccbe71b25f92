import type { AgentName } from "../../contract/agents.ts";
import type { WorkMode } from "../../contract/algorithm.ts";
import { AppError } from "../../contract/errors.ts";
import { derivedId } from "../platform/derived-id.ts";
import { insertMessage } from "../store/insert-message.ts";
import type { Audit, Emit, Store, Tx } from "../store/open-store.ts";
import { insertRun } from "../store/insert-run.ts";
import { insertTask } from "../store/task-changes.ts";
import { lockTrails } from "../store/tell.ts";

export interface SendParts {
  readonly store: Store;
  readonly startTask: (taskId: string) => void;
  readonly startRun: (taskId: string) => void;
}

export interface SendRequest {
  readonly id: string;
  readonly conversationId: string;
  readonly text: string;
  readonly agent?: AgentName | undefined;
  readonly mode?: WorkMode;
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
  const isRun = request.mode === "algorithm";
  if (isRun && agent !== "supervisor") throw notLed(agent);
  const taskId = derivedId("task", request.id);
  const seq = await parts.store.change(
    async (tx, emit, audit) => await insertBoth({ tx, emit, audit }, request, { taskId, agent }),
  );
  if (isRun) parts.startRun(taskId);
  else parts.startTask(taskId);
  return { taskId, seq };
}

function notLed(agent: AgentName): AppError {
  return new AppError("app.bad_input", `The ${agent} agent cannot lead a run of the Algorithm`, {
    hint: "Send the message to the supervisor, or without the Algorithm.",
  });
}

async function insertBoth(
  { tx, emit, audit }: { tx: Tx; emit: Emit; audit: Audit },
  { id, conversationId, text, from, agent: addressee, priority, mode = "auto" }: SendRequest,
  { taskId, agent }: { taskId: string; agent: AgentName },
): Promise<number> {
  const { eventSeq } = await lockTrails(tx);
  const known = await tx.selectFrom("messages").select("seq").where("id", "=", id).executeTakeFirst();
  if (known) return known.seq ?? eventSeq;
  const seq = eventSeq + 1;
  await tx
    .insertInto("conversations")
    .values({ id: conversationId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const said = { role: "person", agent: addressee ?? null, text, simulated: false } as const;
  await insertMessage(tx, emit, { id, conversationId, taskId, ...said, seq });
  const insert = mode === "algorithm" ? insertRun : insertTask;
  await insert(tx, emit, {
    id: taskId,
    conversationId,
    agent,
    origin: from,
    request: text,
    mode,
    ...(priority && { priority }),
  });
  audit({ kind: "prompt", agent, taskId, detail: { message: id, from, text, mode } });
  return seq;
}

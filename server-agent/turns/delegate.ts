import type { AgentName } from "../../contract/agents.ts";
import { AppError } from "../../contract/errors.ts";
import { derivedId } from "../platform/derived-id.ts";
import { insertTask, moveTask } from "../store/task-changes.ts";
import type { Tx } from "../store/open-store.ts";
import { ownOpenTurn } from "./own-turn.ts";
import type { TurnRequest } from "./journal.ts";
import { type TurnParts, whenTaskEnded } from "./run-turn.ts";

export interface Delegation {
  readonly callId: string;
  readonly agent: AgentName;
  readonly request: string;
}

export interface DelegateParts extends TurnParts {
  readonly startTask: (taskId: string, agent: AgentName) => void;
}

export interface DelegationEnd {
  readonly state: "done" | "failed" | "cancelled";
  readonly text: string;
}

/** Gives a task to a specialist and waits for its end; the same call again joins the task already given. */
export async function delegate(
  parts: DelegateParts,
  from: TurnRequest,
  { callId, agent, request }: Delegation,
): Promise<DelegationEnd> {
  if (from.agent !== "supervisor") {
    throw new AppError("app.bad_input", `The agent ${from.agent} cannot delegate`, {
      hint: "Only the supervisor gives tasks to other agents.",
    });
  }
  const childId = derivedId("task", from.turnId, callId);
  const parentId = await parts.store.change(async (tx, emit) => {
    const turn = await ownOpenTurn(tx, from.agent, from.turnId);
    const parent = { id: turn.taskId, rootId: turn.rootId };
    await insertTask(tx, emit, {
      id: childId,
      conversationId: turn.conversationId,
      agent,
      origin: "agent",
      request,
      parent,
    });
    const child = await tx.selectFrom("tasks").select("ended_at").where("id", "=", childId).executeTakeFirst();
    if (child?.ended_at === null) await moveTask(tx, emit, { id: turn.taskId, to: "waiting" });
    return turn.taskId;
  }, from.signal);
  parts.startTask(childId, agent);
  const task = await whenTaskEnded(parts, childId, from.signal);
  await parts.store.change(async (tx, emit) => {
    if (!(await isWaiting(tx, parentId))) await moveTask(tx, emit, { id: parentId, to: "running" });
  }, from.signal);
  return { state: task.state as DelegationEnd["state"], text: task.result ?? task.error?.message ?? "" };
}

/** True while the task waits for a task it gave away or for a person's answer. */
export async function isWaiting(tx: Tx, taskId: string): Promise<boolean> {
  const child = await tx
    .selectFrom("tasks")
    .select("id")
    .where("parent_id", "=", taskId)
    .where("ended_at", "is", null)
    .executeTakeFirst();
  if (child) return true;
  const question = await tx
    .selectFrom("approvals")
    .select("id")
    .where("task_id", "=", taskId)
    .where("state", "=", "open")
    .executeTakeFirst();
  return question !== undefined;
}

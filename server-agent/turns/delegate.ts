import type { AgentName } from "../../contract/agents.ts";
import { AppError } from "../../contract/errors.ts";
import type { Task } from "../../contract/tasks.ts";
import type { TeamMessage } from "../../contract/team-messages.ts";
import { derivedId } from "../platform/derived-id.ts";
import { insertTask, moveTask } from "../store/task-changes.ts";
import { insertTeamMessage } from "../store/team-message-changes.ts";
import type { Emit, Tx } from "../store/open-store.ts";
import { ownOpenTurn, ownTurn, type OwnTurn } from "./own-turn.ts";
import type { TurnRequest } from "./journal.ts";
import { type TurnParts, whenTaskEnded } from "./run-turn.ts";

export interface Delegation {
  readonly callId: string;
  readonly agent: AgentName;
  readonly request: string;
  /** To be changed in a worktree of its own. */
  readonly repository?: string | undefined;
}

export interface DelegateParts extends TurnParts {
  readonly startTask: (taskId: string) => void;
}

export interface DelegationEnd {
  readonly state: "done" | "failed" | "cancelled";
  readonly text: string;
}

/** A question to a colleague that leads to questions, and so on, must end somewhere. */
const MAX_DEPTH = 6;
const MAX_PRIORITY = 10;

/** Gives a task to a specialist and waits for its end; the same call again joins the task already given. */
export async function delegate(parts: DelegateParts, from: TurnRequest, work: Delegation): Promise<DelegationEnd> {
  if (from.agent === "supervisor") return await giveAndWait(parts, from, { ...work, type: "task", urgency: 0 });
  throw new AppError("app.bad_input", `The agent ${from.agent} cannot delegate`, {
    hint: "Only the supervisor gives tasks to other agents. Ask a colleague instead, or hand the task over.",
  });
}

/** Asks another agent, before its other work, and waits for the answer. */
export async function askPeer(parts: DelegateParts, from: TurnRequest, work: Delegation): Promise<DelegationEnd> {
  if (from.agent === work.agent) throw new AppError("app.bad_input", "An agent cannot ask itself");
  return await giveAndWait(parts, from, { ...work, type: "query", urgency: 1 });
}

interface Given extends Delegation {
  readonly type: Extract<TeamMessage["type"], "task" | "query">;
  /** Added to the priority of the task it is for. */
  readonly urgency: number;
}

async function giveAndWait(parts: DelegateParts, from: TurnRequest, given: Given): Promise<DelegationEnd> {
  const childId = derivedId("task", from.turnId, given.callId);
  return await joinChild(parts, from, {
    id: childId,
    insert: async (change, turn) => await insertChild(change, turn, { ...given, childId }),
    start: () => parts.startTask(childId),
    ended: async (change, task) => await insertResult(change, from.agent, task),
  });
}

export interface Child {
  readonly id: string;
  /** Nothing happens when it is there already. */
  readonly insert: (change: Change, turn: OwnTurn) => Promise<void>;
  readonly start: () => void;
  readonly ended?: (change: Change, task: Task) => Promise<void>;
}

/** Lets the turn's task wait for a task below it. */
export async function joinChild(parts: TurnParts, from: TurnRequest, child: Child): Promise<DelegationEnd> {
  const parentId = await parts.store.change(async (tx, emit) => {
    const turn = await lockOpenTurn(tx, from);
    await child.insert({ tx, emit }, turn);
    const row = await tx.selectFrom("tasks").select("ended_at").where("id", "=", child.id).executeTakeFirst();
    if (row?.ended_at === null) await moveTask(tx, emit, { id: turn.taskId, to: "waiting" });
    return turn.taskId;
  }, from.signal);
  child.start();
  const task = await whenTaskEnded(parts, child.id, from.signal);
  await parts.store.change(async (tx, emit) => {
    await child.ended?.({ tx, emit }, task);
    if (!(await isWaiting(tx, parentId))) await moveTask(tx, emit, { id: parentId, to: "running" });
  }, from.signal);
  return { state: task.state as DelegationEnd["state"], text: task.result ?? task.error?.message ?? "" };
}

/** A task that is cancelled at this moment is cancelled with what it gives away, or gives nothing away. */
async function lockOpenTurn(tx: Tx, { agent, turnId }: TurnRequest): Promise<OwnTurn> {
  const { taskId } = await ownTurn(tx, agent, turnId);
  await tx.selectFrom("tasks").select("id").where("id", "=", taskId).forUpdate().executeTakeFirstOrThrow();
  return await ownOpenTurn(tx, agent, turnId);
}

export interface Change {
  readonly tx: Tx;
  readonly emit: Emit;
}

async function insertChild(
  { tx, emit }: Change,
  turn: OwnTurn,
  { childId, agent, request, repository, type, urgency }: Given & { readonly childId: string },
): Promise<void> {
  const { depth, priority } = await readPlace(tx, turn.taskId);
  if (depth >= MAX_DEPTH) {
    throw new AppError("app.bad_input", `This is the answer to an answer to an answer, ${depth} deep`, {
      hint: "Answer with what you know.",
    });
  }
  const isNew = await insertTask(tx, emit, {
    id: childId,
    conversationId: turn.conversationId,
    agent,
    origin: "agent",
    request,
    repository,
    parent: { id: turn.taskId, rootId: turn.rootId },
    priority: Math.min(priority + urgency, MAX_PRIORITY),
  });
  if (!isNew) return;
  const place = { conversationId: turn.conversationId, taskId: childId, priority };
  await insertTeamMessage(tx, emit, {
    id: derivedId("message", childId, type),
    source: turn.agent,
    target: agent,
    type,
    action: request,
    ...place,
  });
}

/** The message with which an agent answers to the one that gave the task; twice is once. */
export async function insertResult({ tx, emit }: Change, target: AgentName, task: Task): Promise<void> {
  await insertTeamMessage(tx, emit, {
    id: derivedId("message", task.id, "result"),
    source: task.agent,
    target,
    type: "result",
    action: task.state,
    context: task.result ?? task.error?.message ?? "",
    conversationId: task.conversationId,
    taskId: task.id,
    priority: task.priority,
    pai: { algorithm_phase: task.phase },
  });
}

async function readPlace(tx: Tx, taskId: string): Promise<{ depth: number; priority: number }> {
  const chain = await tx
    .withRecursive("up", (db) =>
      db
        .selectFrom("tasks")
        .select(["tasks.id", "tasks.parent_id", "tasks.priority"])
        .where("tasks.id", "=", taskId)
        .unionAll(
          db
            .selectFrom("tasks")
            .innerJoin("up", "up.parent_id", "tasks.id")
            .select(["tasks.id", "tasks.parent_id", "tasks.priority"]),
        ),
    )
    .selectFrom("up")
    .selectAll()
    .execute();
  return { depth: chain.length, priority: chain.find(({ id }) => id === taskId)?.priority ?? 1 };
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

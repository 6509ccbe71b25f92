import type { AgentName } from "../../contract/agents.ts";
import { AppError } from "../../contract/errors.ts";
import type { Task } from "../../contract/tasks.ts";
import { insertMessage } from "../store/insert-message.ts";
import type { Emit, Store, Tx } from "../store/open-store.ts";
import { toTask } from "../store/rows.ts";
import { moveTask } from "../store/task-changes.ts";
import { insertTeamMessage } from "../store/team-message-changes.ts";
import { readTree } from "./task-tree.ts";

export interface SteerParts {
  readonly store: Store;
  /** Tells a console that is connected; one that is away is told when it connects. */
  readonly tellConsole: (
    agent: AgentName,
    order:
      | { readonly type: "pause"; readonly turnId: string }
      | { readonly type: "steer"; readonly turnId: string; readonly messageId: string; readonly text: string },
  ) => void;
  /** A word that comes too late is a task of its own. */
  readonly sendMessage: (message: {
    readonly id: string;
    readonly conversationId: string;
    readonly text: string;
    readonly agent: AgentName;
    readonly from: "person";
  }) => Promise<{ readonly taskId: string }>;
}

/** Stops the task and what it gave away for a while. One that has ended stays as it is. */
export async function pauseTask({ store, tellConsole }: SteerParts, id: string): Promise<Task> {
  const turns = await store.change(async (tx, emit) => {
    const tree = await readTree(tx, id);
    await tx
      .updateTable("tasks")
      .set({ paused_at: new Date() })
      .where("id", "in", tree)
      .where("ended_at", "is", null)
      .execute();
    for (const taskId of tree) await moveTask(tx, emit, { id: taskId, to: "paused" });
    return await openTurnsOf(tx, tree);
  });
  for (const { id: turnId, agent } of turns) tellConsole(agent, { type: "pause", turnId });
  return await readTask(store, id);
}

/** Lets them go on where they stopped. */
export async function resumeTask({ store }: SteerParts, id: string): Promise<Task> {
  await store.change(async (tx, emit) => {
    const tree = await readTree(tx, id);
    const paused = await tx
      .updateTable("tasks")
      .set({ paused_at: null })
      .where("id", "in", tree)
      .where("state", "=", "paused")
      .returning("id")
      .execute();
    const runs = await readRuns(tx, tree);
    for (const { id } of paused) await moveTask(tx, emit, { id, to: runs.includes(id) ? "waiting" : "queued" });
  });
  return await readTask(store, id);
}

/** A task with a run waits for its phases; it has no turn of its own. */
async function readRuns(tx: Tx, taskIds: readonly string[]): Promise<string[]> {
  const rows = await tx.selectFrom("algorithm_runs").select("task_id").where("task_id", "in", taskIds).execute();
  return rows.map((row) => row.task_id);
}

export async function prioritizeTask({ store }: SteerParts, id: string, priority: number): Promise<Task> {
  await store.change(async (tx, emit) => {
    const row = await tx
      .updateTable("tasks")
      .set({ priority })
      .where("id", "=", id)
      .where("ended_at", "is", null)
      .returningAll()
      .executeTakeFirst();
    if (row) emit({ type: "task_changed", task: toTask(row) });
  });
  return await readTask(store, id);
}

export interface Steering {
  /** Made by the caller; the same again is once. */
  readonly id: string;
  readonly taskId: string;
  readonly text: string;
}

/** Gives the agent a person's word while it works; to one that has ended it is a new task. */
export async function steerTask(parts: SteerParts, { id, taskId, text }: Steering): Promise<{ taskId: string }> {
  const task = await readTask(parts.store, taskId);
  const { conversationId, agent } = task;
  const told = await parts.store.change(async (tx, emit, audit) => {
    const known = await tx.selectFrom("messages").select("id").where("id", "=", id).executeTakeFirst();
    if (known) return "before";
    const [open] = await openTurnsOf(tx, [taskId]);
    if (!open) return "too late";
    await insertSteering({ tx, emit }, task, { id, taskId, text });
    audit({ kind: "prompt", agent: open.agent, taskId, detail: { message: id, from: "person", steers: true, text } });
    return open;
  });
  if (told === "too late") return await parts.sendMessage({ id, conversationId, text, agent, from: "person" });
  if (told !== "before") parts.tellConsole(told.agent, { type: "steer", turnId: told.id, messageId: id, text });
  return { taskId };
}

async function insertSteering(
  { tx, emit }: { readonly tx: Tx; readonly emit: Emit },
  { conversationId, agent, priority }: Task,
  { id, taskId, text }: Steering,
): Promise<void> {
  const said = { role: "person", agent, text, simulated: false } as const;
  await insertMessage(tx, emit, { id, conversationId, taskId, ...said });
  const place = { conversationId, taskId, priority };
  await insertTeamMessage(tx, emit, { id, source: "person", target: agent, type: "query", action: text, ...place });
}

async function openTurnsOf(tx: Tx, taskIds: readonly string[]): Promise<{ id: string; agent: AgentName }[]> {
  if (taskIds.length === 0) return [];
  return await tx
    .selectFrom("turns")
    .select(["id", "agent"])
    .where("task_id", "in", taskIds)
    .where("ended_at", "is", null)
    .execute();
}

async function readTask(store: Store, id: string): Promise<Task> {
  const row = await store.read(
    async (db) => await db.selectFrom("tasks").selectAll().where("id", "=", id).executeTakeFirst(),
  );
  if (!row) throw new AppError("app.not_found", `There is no task ${id}`);
  return toTask(row);
}

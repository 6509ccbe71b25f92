import { AppError } from "../../contract/errors.ts";
import type { Task } from "../../contract/tasks.ts";
import type { Emit, Store, Tx } from "../store/open-store.ts";
import { toTask } from "../store/rows.ts";
import { endTask } from "../store/task-changes.ts";
import { readTree } from "./task-tree.ts";

export interface CancelParts {
  readonly store: Store;
  /** Ends the questions of these tasks unanswered. */
  readonly expireQuestions: (tx: Tx, emit: Emit, taskIds: readonly string[]) => Promise<void>;
  /** Stops the work of tasks that are marked cancelled. */
  readonly stopWork: (taskIds: readonly string[]) => Promise<void>;
}

const CANCELLED = {
  state: "cancelled",
  result: null,
  error: new AppError("task.cancelled", "The task was cancelled").toWire(),
  simulated: false,
} as const;

/** Stops the task and everything it gave away. One that has ended stays as it is. */
export async function cancelTask(parts: CancelParts, id: string): Promise<Task> {
  const { task, cancelled } = await parts.store.change(async (tx, emit, audit) => {
    const cancelled: string[] = [];
    // Again until nothing is open: what was given away before its parent's end could be locked is there by then.
    for (let open: readonly string[] = [id]; open.length > 0; open = await readOpenTree(tx, id)) {
      for (const taskId of open) {
        const ended = await endTask(tx, emit, { id: taskId, ...CANCELLED });
        if (!ended) continue;
        cancelled.push(taskId);
        audit({ kind: "task_ended", agent: ended.agent, taskId, detail: { state: "cancelled", with: id } });
      }
    }
    await parts.expireQuestions(tx, emit, cancelled);
    const row = await tx.selectFrom("tasks").selectAll().where("id", "=", id).executeTakeFirst();
    if (!row) throw new AppError("app.not_found", `There is no task ${id}`);
    return { task: toTask(row), cancelled };
  });
  if (cancelled.length > 0) await parts.stopWork(cancelled);
  return task;
}

async function readOpenTree(tx: Tx, id: string): Promise<string[]> {
  const tree = await readTree(tx, id);
  const rows = await tx
    .selectFrom("tasks")
    .select("id")
    .where("id", "in", tree)
    .where("ended_at", "is", null)
    .execute();
  return rows.map((row) => row.id);
}

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

/** Stops the task and everything it gave away. One that has ended stays as it is. */
export async function cancelTask(parts: CancelParts, id: string): Promise<Task> {
  const { task, cancelled } = await parts.store.change(async (tx, emit, audit) => {
    const tree = await readTree(tx, id);
    const cancelled: string[] = [];
    for (const taskId of tree) {
      const error = new AppError("task.cancelled", "The task was cancelled").toWire();
      const ended = await endTask(tx, emit, { id: taskId, state: "cancelled", result: null, error, simulated: false });
      if (!ended) continue;
      cancelled.push(taskId);
      audit({ kind: "task_ended", agent: ended.agent, taskId, detail: { state: "cancelled", with: id } });
    }
    await parts.expireQuestions(tx, emit, cancelled);
    const row = await tx.selectFrom("tasks").selectAll().where("id", "=", id).executeTakeFirst();
    if (!row) throw new AppError("app.not_found", `There is no task ${id}`);
    return { task: toTask(row), cancelled };
  });
  if (cancelled.length > 0) await parts.stopWork(cancelled);
  return task;
}

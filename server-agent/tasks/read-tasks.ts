import type { AlgorithmRun } from "../../contract/algorithm.ts";
import { AppError } from "../../contract/errors.ts";
import type { Task, ToolCall } from "../../contract/tasks.ts";
import type { Store } from "../store/open-store.ts";
import type { SentMessage } from "../../contract/team-messages.ts";
import { readTakers, toSentMessage } from "../store/team-message-changes.ts";
import { readTree } from "./task-tree.ts";
import { toTask, toToolCall } from "../store/rows.ts";
import { toRun } from "../store/run-changes.ts";

export async function listTasks(store: Store, limit: number): Promise<Task[]> {
  const rows = await store.read(
    async (db) => await db.selectFrom("tasks").selectAll().orderBy("number", "desc").limit(limit).execute(),
  );
  return rows.map(toTask);
}

/** Of the task and everything below it, oldest first. */
export async function listTeamMessages(store: Store, taskId: string): Promise<SentMessage[]> {
  return await store.snapshot(async (tx) => {
    const tree = await readTree(tx, taskId);
    if (tree.length === 0) throw new AppError("app.not_found", `There is no task ${taskId}`);
    const rows = await tx
      .selectFrom("team_messages")
      .selectAll()
      .where("task_id", "in", tree)
      .orderBy("number")
      .execute();
    return await Promise.all(rows.map(async (row) => toSentMessage(row, await readTakers(tx, row.id))));
  });
}

export interface ShownTask {
  readonly task: Task;
  readonly children: Task[];
  readonly calls: ToolCall[];
  readonly run: AlgorithmRun | null;
}

export async function showTask(store: Store, id: string): Promise<ShownTask> {
  return await store.snapshot(async (tx) => {
    const task = await tx.selectFrom("tasks").selectAll().where("id", "=", id).executeTakeFirst();
    if (!task) throw new AppError("app.not_found", `There is no task ${id}`);
    const children = await tx.selectFrom("tasks").selectAll().where("parent_id", "=", id).orderBy("number").execute();
    const calls = await tx.selectFrom("calls").selectAll().where("task_id", "=", id).orderBy("number").execute();
    const run = await tx.selectFrom("algorithm_runs").selectAll().where("task_id", "=", id).executeTakeFirst();
    return {
      task: toTask(task),
      children: children.map(toTask),
      calls: calls.map(toToolCall),
      run: run ? toRun(run) : null,
    };
  });
}

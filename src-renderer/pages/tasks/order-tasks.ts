import type { Task } from "../../../contract/tasks.ts";

export interface TaskRow {
  readonly task: Task;
  /** 0 for a task a person gave. */
  readonly depth: number;
}

/** Newest first, each followed by what was delegated from it, in the order it was given. */
export function orderTasks(tasks: readonly Task[]): readonly TaskRow[] {
  const ids = new Set(tasks.map((task) => task.id));
  const children = Map.groupBy(tasks, (task) => (task.parentId && ids.has(task.parentId) ? task.parentId : ""));
  const below = (parent: string, depth: number): readonly TaskRow[] =>
    (children.get(parent) ?? [])
      .toSorted((a, b) => (depth === 0 ? -1 : 1) * (Date.parse(a.createdAt) - Date.parse(b.createdAt)))
      .flatMap((task) => [{ task, depth }, ...below(task.id, depth + 1)]);
  return below("", 0);
}

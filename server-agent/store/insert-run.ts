import type { Emit, Tx } from "./open-store.ts";
import { toRun } from "./run-changes.ts";
import { insertTask, moveTask, type TaskDraft } from "./task-changes.ts";

/**
 * A task that the phases of a run work on instead of a turn of its own: it waits for them from its first moment.
 * False when it is there already.
 */
export async function insertRun(tx: Tx, emit: Emit, draft: TaskDraft): Promise<boolean> {
  if (!(await insertTask(tx, emit, draft))) return false;
  await moveTask(tx, emit, { id: draft.id, to: "waiting" });
  const row = await tx
    .insertInto("algorithm_runs")
    .values({
      task_id: draft.id,
      conversation_id: draft.conversationId,
      state: "running",
      iteration: 1,
      phase: "OBSERVE",
      criteria: "[]",
      trace: "[]",
      outputs: "{}",
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  emit({ type: "algorithm_changed", run: toRun(row) });
  return true;
}

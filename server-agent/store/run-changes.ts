import type { Selectable } from "kysely";
import type { AlgorithmRun, PhaseOutputs } from "../../contract/algorithm.ts";
import type { TaskState } from "../../contract/tasks.ts";
import type { Emit, Tx } from "./open-store.ts";
import type { Database } from "./schema.ts";

/** A run with what its phases gave to each other. */
export interface RunRecord extends AlgorithmRun {
  readonly outputs: PhaseOutputs;
}

export function toRunRecord(row: Selectable<Database["algorithm_runs"]>): RunRecord {
  return {
    taskId: row.task_id,
    conversationId: row.conversation_id,
    state: row.state,
    iteration: row.iteration,
    phase: row.phase,
    criteria: row.criteria,
    trace: row.trace,
    outputs: row.outputs,
  };
}

export function toRun(row: Selectable<Database["algorithm_runs"]>): AlgorithmRun {
  const { outputs: _, ...run } = toRunRecord(row);
  return run;
}

/** One change at a time; null from `change` leaves the run as it is. Gives the run after it, or null when there is none. */
export async function changeRun(
  { tx, emit }: { readonly tx: Tx; readonly emit: Emit },
  taskId: string,
  change: (run: RunRecord) => RunRecord | null,
): Promise<RunRecord | null> {
  const row = await tx
    .selectFrom("algorithm_runs")
    .selectAll()
    .where("task_id", "=", taskId)
    .forUpdate()
    .executeTakeFirst();
  if (!row) return null;
  const before = toRunRecord(row);
  const after = change(before);
  if (after === null) return before;
  const { state, iteration, phase } = after;
  const changed = await tx
    .updateTable("algorithm_runs")
    .set({
      state,
      iteration,
      phase,
      criteria: JSON.stringify(after.criteria),
      trace: JSON.stringify(after.trace),
      outputs: JSON.stringify(after.outputs),
    })
    .where("task_id", "=", taskId)
    .returningAll()
    .executeTakeFirstOrThrow();
  emit({ type: "algorithm_changed", run: toRun(changed) });
  return toRunRecord(changed);
}

export function isEnded({ state }: Pick<AlgorithmRun, "state">): boolean {
  return state !== "running" && state !== "asking";
}

/** A run ends with its task, however that ends. What was not judged stays open. */
export async function closeRun(
  parts: { readonly tx: Tx; readonly emit: Emit },
  taskId: string,
  end: Extract<TaskState, "done" | "failed" | "cancelled">,
): Promise<void> {
  await changeRun(parts, taskId, (run) => {
    if (isEnded(run)) return null;
    const state = end === "done" ? "passed" : end;
    return { ...run, state, trace: run.trace.map((phase) => closePhase(phase, state)) };
  });
}

type Traced = RunRecord["trace"][number];

function closePhase(phase: Traced, end: "passed" | "failed" | "cancelled"): Traced {
  if (phase.state !== "running") return phase;
  return { ...phase, state: end === "cancelled" ? "cancelled" : "failed", endedAt: new Date().toISOString() };
}

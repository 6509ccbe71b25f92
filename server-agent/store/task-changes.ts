import type { AgentName } from "../../contract/agents.ts";
import type { Phase, WantedOutput, WorkMode } from "../../contract/algorithm.ts";
import type { Rest, Task } from "../../contract/tasks.ts";
import { DEFAULT_PRIORITY } from "../../contract/team-messages.ts";
import type { Emit, Tx } from "./open-store.ts";
import { toTask } from "./rows.ts";
import { closeRun } from "./run-changes.ts";
import type { Database } from "./schema.ts";
import { storableText } from "./storable-text.ts";

export interface TaskDraft {
  readonly id: string;
  readonly conversationId: string;
  readonly agent: AgentName;
  readonly origin: Database["tasks"]["origin"];
  readonly request: string;
  readonly parent?: { readonly id: string; readonly rootId: string };
  readonly priority?: number;
  readonly mode?: WorkMode;
  /** Of the parent's run. */
  readonly phase?: Phase;
  /** What the task has to end with; without it, with words. */
  readonly wantedOutput?: WantedOutput;
  /** To be changed in a worktree of its own. */
  readonly repository?: string | undefined;
}

/** False when the task is there already. */
export async function insertTask(tx: Tx, emit: Emit, draft: TaskDraft): Promise<boolean> {
  const row = await tx
    .insertInto("tasks")
    .values({
      id: draft.id,
      root_id: draft.parent?.rootId ?? draft.id,
      parent_id: draft.parent?.id ?? null,
      conversation_id: draft.conversationId,
      agent: draft.agent,
      origin: draft.origin,
      request: storableText(draft.request),
      priority: draft.priority ?? DEFAULT_PRIORITY,
      phase: draft.phase ?? null,
      repository: draft.repository ?? null,
      wanted_output: draft.wantedOutput ? JSON.stringify(draft.wantedOutput) : null,
      ...(draft.mode && { mode: draft.mode }),
      state: "queued",
      result: null,
      error: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row) emit({ type: "task_changed", task: toTask(row) });
  return row !== undefined;
}

export type TaskEnd = Pick<Task, "state" | "result" | "error" | "simulated"> & {
  readonly state: "done" | "failed" | "cancelled";
  readonly output?: unknown;
};

/** Null when the task had ended before. Its run, if it has one, ends with it. */
export async function endTask(tx: Tx, emit: Emit, end: TaskEnd & { readonly id: string }): Promise<Task | null> {
  const now = new Date();
  const row = await tx
    .updateTable("tasks")
    .set({
      state: end.state,
      result: end.result === null ? null : storableText(end.result),
      error: end.error === null ? null : JSON.stringify(end.error),
      simulated: end.simulated,
      output: end.output === undefined ? null : JSON.stringify(end.output),
      ended_at: now,
      ...NO_REST,
    })
    .where("id", "=", end.id)
    .where("ended_at", "is", null)
    .returningAll()
    .executeTakeFirst();
  if (!row) return null;
  await tx
    .updateTable("turns")
    .set({ ended_at: now })
    .where("task_id", "=", end.id)
    .where("ended_at", "is", null)
    .execute();
  await closeRun({ tx, emit }, end.id, end.state);
  const task = toTask(row);
  emit({ type: "task_changed", task });
  return task;
}

const NO_REST = { rest_reason: null, rest_until: null } as const;

/** Lets an open task wait until its rest is over; whatever moves it afterwards ends the rest. */
export async function restTask(tx: Tx, emit: Emit, { id, rest }: { id: string; rest: Rest }): Promise<void> {
  const rest_until = rest.until === null ? null : new Date(rest.until);
  const row = await tx
    .updateTable("tasks")
    .set({ state: "waiting", rest_reason: JSON.stringify(rest.reason), rest_until })
    .where("id", "=", id)
    .where("ended_at", "is", null)
    .where("state", "!=", "paused")
    .returningAll()
    .executeTakeFirst();
  if (row) emit({ type: "task_changed", task: toTask(row) });
}

/** Moves an open task between its states; an ended one stays ended. */
export async function moveTask(
  tx: Tx,
  emit: Emit,
  move: { id: string; to: "queued" | "running" | "waiting" | "paused" },
): Promise<void> {
  const row = await tx
    .updateTable("tasks")
    .set((column) => ({
      state: move.to,
      ...NO_REST,
      ...(move.to === "running" && { started_at: column.fn.coalesce("started_at", column.fn<Date>("now", [])) }),
    }))
    .where("id", "=", move.id)
    .where("ended_at", "is", null)
    .where((task) => task.or([task("state", "!=", move.to), task("rest_reason", "is not", null)]))
    .returningAll()
    .executeTakeFirst();
  if (row) emit({ type: "task_changed", task: toTask(row) });
}

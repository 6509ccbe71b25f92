import type { AgentName } from "../../contract/agents.ts";
import type { Phase, WantedOutput } from "../../contract/algorithm.ts";
import { AppError } from "../../contract/errors.ts";
import type { EventFeed } from "../events/event-feed.ts";
import type { Store, Tx } from "../store/open-store.ts";
import { type RunRecord, toRunRecord } from "../store/run-changes.ts";
import { insertTask, moveTask } from "../store/task-changes.ts";
import { tellTask } from "./tell-team.ts";

export interface WorkParts {
  readonly store: Store;
  readonly feed: EventFeed;
  readonly startTask: (taskId: string) => void;
}

export interface RunTask {
  readonly id: string;
  readonly runId: string;
  readonly agent: AgentName;
  readonly phase: Phase;
  readonly signal: AbortSignal;
  /** What the agent is told and has to end with, from the run as it is when the task is made. */
  readonly compose: (run: RunRecord, request: string) => { request: string; wantedOutput?: WantedOutput };
}

/** Gives a task of a run to an agent; again is the same. False when the run's own task has ended. */
export async function giveTask({ store, startTask }: WorkParts, task: RunTask): Promise<boolean> {
  const { id, runId, agent, phase, signal, compose } = task;
  const isGiven = await store.change(async (tx, emit) => {
    // Locked: a run that is cancelled at this moment is cancelled with this task, or this task is not made.
    const parent = await tx.selectFrom("tasks").selectAll().where("id", "=", runId).forUpdate().executeTakeFirst();
    if (!parent || parent.ended_at !== null) return false;
    const draft = compose(await readRun(tx, runId), parent.request);
    const { conversation_id: conversationId, priority } = parent;
    const place = { conversationId, priority, parent: { id: runId, rootId: parent.root_id } };
    const isNew = await insertTask(tx, emit, { id, agent, phase, origin: "agent", ...place, ...draft });
    if (isNew) await tellTask({ tx, emit }, { id, conversationId, agent, phase, priority, ...draft });
    if (parent.state === "paused") await moveTask(tx, emit, { id, to: "paused" });
    return true;
  }, signal);
  if (isGiven) startTask(id);
  return isGiven;
}

export async function readRun(db: Pick<Tx, "selectFrom">, runId: string): Promise<RunRecord> {
  const row = await db.selectFrom("algorithm_runs").selectAll().where("task_id", "=", runId).executeTakeFirst();
  if (!row) throw new AppError("app.not_found", `The task ${runId} is not worked on with the Algorithm`);
  return toRunRecord(row);
}

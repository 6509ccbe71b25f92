import type { PlanStep, StepResult } from "../../contract/algorithm.ts";
import { waitFor } from "../events/wait-for.ts";
import { derivedId } from "../platform/derived-id.ts";
import type { RunRecord } from "../store/run-changes.ts";
import type { PhaseWorkPlace } from "./do-phase.ts";
import { giveTask, readRun, type WorkParts } from "./give-task.ts";
import type { PhaseWork } from "./phase-changes.ts";
import { stepRequest } from "./phase-request.ts";
import { planMoves, type StepState } from "./plan-moves.ts";

/** What later phases are told of a step; its task holds the whole. */
const MAX_RESULT_CHARACTERS = 4_000;

/**
 * Brings every step of the plan to its end: those whose needs are met at the same time, the others after them. Where
 * it stands is in the tasks alone, so that calling it again after a restart goes on.
 */
export async function executePlan(parts: WorkParts, at: PhaseWorkPlace): Promise<PhaseWork> {
  const { runId, signal } = at;
  const run = await parts.store.read(async (db) => await readRun(db, runId), signal);
  const steps = run.outputs.PLAN?.steps ?? [];
  return await waitFor(parts.feed, {
    matches: (event) => event.type === "task_changed" && event.task.parentId === runId && event.task.endedAt !== null,
    read: async () => await advance(parts, at, steps),
    signal,
  });
}

/** Null as long as steps are under way. */
async function advance(parts: WorkParts, at: PhaseWorkPlace, steps: readonly PlanStep[]): Promise<PhaseWork | null> {
  const tasks = await readTasks(parts, at, steps);
  const moves = planMoves(steps, (id) => tasks.get(id)?.state ?? null);
  for (const step of moves.ready) {
    if (!(await giveStep(parts, at, { step, tasks }))) {
      return { state: "cancelled", output: null, taskIds: [...tasks.values()].map(({ id }) => id), problem: null };
    }
  }
  if (!moves.isOver) return null;
  const results = steps.map((step) => resultOf(step, tasks.get(step.id)));
  return { state: "done", output: { results }, taskIds: results.flatMap(({ taskId }) => taskId ?? []), problem: null };
}

interface StepTask {
  readonly id: string;
  readonly state: StepState;
  readonly text: string;
}

function taskIdOf({ runId, place }: PhaseWorkPlace, step: string): string {
  return derivedId("task", runId, String(place.number), step);
}

async function readTasks(
  { store }: WorkParts,
  at: PhaseWorkPlace,
  steps: readonly PlanStep[],
): Promise<Map<string, StepTask>> {
  const ids = new Map(steps.map(({ id }) => [taskIdOf(at, id), id]));
  const rows = await store.read(
    async (db) =>
      await db
        .selectFrom("tasks")
        .select(["id", "state", "result", "error"])
        .where("id", "in", [...ids.keys()])
        .execute(),
    at.signal,
  );
  return new Map(
    rows.map(({ id, state, result, error }) => {
      const end = state === "done" || state === "failed" || state === "cancelled" ? state : "open";
      return [ids.get(id) ?? "", { id, state: end, text: shortened(result ?? error?.message ?? "") }];
    }),
  );
}

interface ReadyStep {
  readonly step: PlanStep;
  readonly tasks: ReadonlyMap<string, StepTask>;
}

async function giveStep(parts: WorkParts, at: PhaseWorkPlace, { step, tasks }: ReadyStep): Promise<boolean> {
  const { runId, signal } = at;
  const results = step.dependsOn.map((id) => ({ step: id, result: tasks.get(id)?.text ?? "" }));
  const compose = (run: RunRecord) => ({ request: stepRequest(step, { run, results }) });
  return await giveTask(parts, {
    id: taskIdOf(at, step.id),
    runId,
    agent: step.agent,
    phase: "EXECUTE",
    signal,
    compose,
  });
}

function resultOf({ id, agent }: PlanStep, task: StepTask | undefined): StepResult {
  if (!task || task.state === "open") return { id, agent, state: "skipped", text: "", taskId: null };
  return { id, agent, state: task.state, text: task.text, taskId: task.id };
}

function shortened(text: string): string {
  return text.length > MAX_RESULT_CHARACTERS ? `${text.slice(0, MAX_RESULT_CHARACTERS)}…` : text;
}

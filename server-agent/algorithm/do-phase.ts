import { PHASE_OUTPUTS, type SubmittedPhase, type WantedOutput } from "../../contract/algorithm.ts";
import { derivedId } from "../platform/derived-id.ts";
import type { RunRecord } from "../store/run-changes.ts";
import { whenTaskEnded } from "../turns/run-turn.ts";
import { livingCriteria, mergeCriteria } from "./criteria.ts";
import { giveTask, readRun, type WorkParts } from "./give-task.ts";
import type { Place } from "./next-place.ts";
import { leaderOf, type PhaseWork } from "./phase-changes.ts";
import { phaseRequest } from "./phase-request.ts";

export interface PhaseWorkPlace {
  readonly runId: string;
  readonly place: Place;
  readonly signal: AbortSignal;
}

/** Lets an agent work on a phase and waits for its output; called again after a restart, it joins the task it gave. */
export async function doPhase(
  parts: WorkParts,
  { runId, place, signal }: PhaseWorkPlace,
  phase: SubmittedPhase,
): Promise<PhaseWork> {
  const id = derivedId("task", runId, String(place.number));
  const compose = (run: RunRecord, request: string) => ({
    request: phaseRequest(phase, { run, request, place }),
    wantedOutput: wantedOutput(phase, run),
  });
  const isGiven = await giveTask(parts, { id, runId, agent: leaderOf(phase), phase, signal, compose });
  if (!isGiven) return { state: "cancelled", output: null, taskIds: [], problem: null };
  const task = await whenTaskEnded(parts, id, signal);
  if (task.state !== "done") {
    const state = task.state === "cancelled" ? "cancelled" : "failed";
    return { state, output: null, taskIds: [id], problem: task.error?.message ?? null };
  }
  const { output, run } = await parts.store.read(async (db) => {
    const row = await db.selectFrom("tasks").select("output").where("id", "=", id).executeTakeFirstOrThrow();
    return { output: PHASE_OUTPUTS[phase].parse(row.output), run: await readRun(db, runId) };
  }, signal);
  const problem = phase === "BUILD" ? buildProblem(run, PHASE_OUTPUTS.BUILD.parse(output)) : null;
  return { state: problem === null ? "done" : "failed", output, taskIds: [id], problem };
}

function wantedOutput(phase: SubmittedPhase, run: RunRecord): WantedOutput {
  const judged = phase === "VERIFY" ? livingCriteria(run.criteria) : [];
  return { phase, judges: judged.map(({ id, check }) => ({ criterionId: id, check })) };
}

/** Without criteria nothing could be verified. */
function buildProblem(run: RunRecord, output: Parameters<typeof mergeCriteria>[1]): string | null {
  const isEmpty = livingCriteria(mergeCriteria(run.criteria, output)).length === 0;
  return isEmpty ? "BUILD left no criterion to verify the work by" : null;
}

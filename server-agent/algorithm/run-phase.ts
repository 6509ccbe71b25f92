import { DBOS } from "@dbos-inc/dbos-sdk";
import { readCheckRuns } from "./check-runs.ts";
import { doPhase } from "./do-phase.ts";
import { executePlan } from "./execute-plan.ts";
import type { WorkParts } from "./give-task.ts";
import type { PhaseEnd, Place } from "./next-place.ts";
import { endPhase, type PhaseWork, startPhase } from "./phase-changes.ts";
import { type RememberParts, rememberPhase } from "./remember.ts";
import { tellResults } from "./tell-team.ts";

export interface AlgorithmParts extends WorkParts, RememberParts {}

export interface PhaseInput {
  readonly runId: string;
  readonly place: Place;
}

/**
 * The workflow of one phase. Each step may be done again after a kill and then finds what it did before: the phase on
 * the trace, the tasks it gave, the output it took in, the files it wrote.
 */
export async function runPhase(parts: AlgorithmParts, { runId, place }: PhaseInput): Promise<PhaseEnd> {
  const { store } = parts;
  await step("start", async (signal) => {
    await store.change(async (tx, emit, audit) => await startPhase({ tx, emit, audit }, runId, place), signal);
  });
  const work = await step("work", async (signal) => await doWork(parts, { runId, place, signal }));
  const end = await step("end", async (signal) => {
    return await store.change(async (tx, emit, audit) => {
      const [taskId] = work.taskIds;
      await tellResults({ tx, emit }, work.taskIds);
      const runs = place.phase === "VERIFY" && taskId !== undefined ? await readCheckRuns(tx, taskId) : [];
      return await endPhase({ tx, emit, audit }, runId, { place, work, runs });
    }, signal);
  });
  if (work.state === "done") await step("remember", async () => await rememberPhase(parts, { runId, place, work }));
  return end;
}

async function doWork(
  parts: AlgorithmParts,
  at: { readonly runId: string; readonly place: Place; readonly signal: AbortSignal },
): Promise<PhaseWork> {
  const { phase } = at.place;
  return phase === "EXECUTE" ? await executePlan(parts, at) : await doPhase(parts, at, phase);
}

/** A recorded step that is told when the workflow is cancelled. */
export async function step<T>(name: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return await DBOS.runStep(async () => await work(DBOS.stepStatus?.cancelSignal ?? new AbortController().signal), {
    name,
  });
}

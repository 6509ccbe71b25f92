import { DBOS, Error as DBOSErrors } from "@dbos-inc/dbos-sdk";
import { toWireError } from "../../contract/errors.ts";
import { askPerson } from "./ask-person.ts";
import { endRun, type RunEnd } from "./end-run.ts";
import { after, FIRST_PLACE, nextMove, type PhaseEnd, type Place } from "./next-place.ts";
import { type AlgorithmParts, type PhaseInput, runPhase, step } from "./run-phase.ts";

type PhaseWorkflow = (input: PhaseInput) => Promise<PhaseEnd>;

/** A phase's end is looked for this often, while a run is under way. */
const POLLING_MS = 100;

/**
 * Registers the workflow of a phase and gives the body of the workflow of a run, whose id is the task's. Both must be
 * started on `queueName`, which must not be bounded: a run waits for its phases. Changes to the order of their steps
 * need `DBOS.patch`, because a run may wait for a week.
 */
export function registerAlgorithm(parts: AlgorithmParts, queueName: string): (runId: string) => Promise<void> {
  const phase = DBOS.registerWorkflow(async (input: PhaseInput) => await runPhase(parts, input), {
    name: "algorithm-phase",
    maxRecoveryAttempts: 100_000,
  });
  return async (runId) => {
    const end = await walk(parts, { runId, queueName, phase }).catch((error: unknown): RunEnd => {
      if (error instanceof DBOSErrors.DBOSWorkflowCancelledError) throw error;
      parts.log.error("a run failed", { runId, error: toWireError(error) });
      return "failed";
    });
    await step("finish", async () => await endRun(parts.store, runId, end));
  };
}

interface Walk {
  readonly runId: string;
  readonly queueName: string;
  readonly phase: PhaseWorkflow;
}

async function walk(parts: AlgorithmParts, { runId, queueName, phase }: Walk): Promise<RunEnd> {
  let place: Place = FIRST_PLACE;
  let isAccepted = false;
  for (;;) {
    const workflowID = `${runId}.${place.number}.${place.phase}`;
    const handle = await DBOS.startWorkflow(phase, { workflowID, queueName })({ runId, place });
    const move = nextMove(place, await handle.getResult({ pollingIntervalMs: POLLING_MS }));
    if (move.to === "end") return move.state === "done" ? (isAccepted ? "accepted" : "passed") : move.state;
    if (move.to === "phase") {
      place = move.place;
      continue;
    }
    const decision = await step("ask", async (signal) => await askPerson(parts, { runId, place: move.place, signal }));
    if (decision === "stop") return "stopped";
    isAccepted = decision === "accept";
    place = isAccepted ? after(place) : move.place;
  }
}

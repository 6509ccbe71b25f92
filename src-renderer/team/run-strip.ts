import { type AlgorithmRun, Phase } from "../../contract/algorithm.ts";
import type { Mark } from "../ui/state-mark.tsx";

export interface StripPhase {
  readonly phase: Phase;
  readonly mark: Mark;
  readonly word: string;
}

/** How far a run is in its round: what lies before the phase under way is done, also when it was done in a round before. */
export function stripOf(run: Pick<AlgorithmRun, "state" | "trace">): readonly StripPhase[] {
  const last = run.trace.at(-1);
  const reached = last ? Phase.options.indexOf(last.phase) : 0;
  return Phase.options.map((phase, index) => {
    if (index < reached) return { phase, mark: "ok", word: "done" };
    if (index > reached || !last) return { phase, mark: "idle", word: "to come" };
    return { phase, ...current(run, last) };
  });
}

function current(
  { state }: Pick<AlgorithmRun, "state">,
  last: AlgorithmRun["trace"][number],
): Omit<StripPhase, "phase"> {
  if (state === "asking") return { mark: "needs_you", word: "needs you" };
  if (last.sentBackTo !== null) return { mark: "failed", word: `sent back to ${last.sentBackTo}` };
  return PHASE_STATES[last.state];
}

export const PHASE_STATES: Record<AlgorithmRun["trace"][number]["state"], Omit<StripPhase, "phase">> = {
  running: { mark: "working", word: "under way" },
  done: { mark: "ok", word: "done" },
  failed: { mark: "failed", word: "failed" },
  cancelled: { mark: "stopped", word: "cancelled" },
};

export const RUN_WORDS: Record<AlgorithmRun["state"], string> = {
  running: "under way",
  asking: "needs you",
  passed: "verified",
  accepted: "accepted by a person",
  failed: "failed",
  cancelled: "cancelled",
};

/** Such as “2 of 3 criteria passed”; null as long as there are none. */
export function criteriaWords({ criteria }: Pick<AlgorithmRun, "criteria">): string | null {
  const living = criteria.filter(({ state }) => state !== "dropped");
  if (living.length === 0) return null;
  const passed = living.filter(({ state }) => state === "passed").length;
  return `${passed} of ${living.length} ${living.length === 1 ? "criterion" : "criteria"} passed`;
}

import type { Criterion, Phase, PhaseOutputs, TracedPhase } from "../../contract/algorithm.ts";
import type { AgentName } from "../../contract/agents.ts";
import type { Audit, Emit, Tx } from "../store/open-store.ts";
import { changeRun, isEnded, type RunRecord } from "../store/run-changes.ts";
import { allPassed, type CheckRun, judgeCriteria, mergeCriteria, reopenCriteria } from "./criteria.ts";
import { clampReturn, type PhaseEnd, type Place } from "./next-place.ts";
import { summaryOf } from "./phase-summary.ts";

export interface ChangeParts {
  readonly tx: Tx;
  readonly emit: Emit;
  readonly audit: Audit;
}

/** What came of the work of a phase. */
export interface PhaseWork {
  readonly state: "done" | "failed" | "cancelled";
  readonly output: PhaseOutputs[Phase] | null;
  readonly taskIds: readonly string[];
  /** Why there is no output. */
  readonly problem: string | null;
}

export function leaderOf(phase: Phase): AgentName {
  return phase === "VERIFY" ? "qa" : "supervisor";
}

/** Puts the phase on the run's trace; again is the same. */
export async function startPhase(parts: ChangeParts, taskId: string, place: Place): Promise<void> {
  await changeRun(parts, taskId, (run) => {
    if (isEnded(run) || run.trace.some(({ number }) => number === place.number)) return null;
    const { number, phase, iteration } = place;
    parts.audit({ kind: "phase_started", agent: leaderOf(phase), taskId, detail: { number, phase, iteration } });
    const started: TracedPhase = {
      number,
      phase,
      iteration,
      state: "running",
      startedAt: new Date().toISOString(),
      endedAt: null,
      taskIds: [],
      summary: "",
      sentBackTo: null,
      why: null,
    };
    const isNewRound = iteration > run.iteration;
    const criteria = isNewRound ? reopenCriteria(run.criteria) : run.criteria;
    return { ...run, state: "running", iteration, phase, criteria, trace: [...run.trace, started] };
  });
}

/** Takes in what a phase gave, once; gives how it ended, also when it had been taken in before. */
export async function endPhase(
  parts: ChangeParts,
  taskId: string,
  ending: { readonly place: Place; readonly work: PhaseWork; readonly runs: readonly CheckRun[] },
): Promise<PhaseEnd> {
  const { place, work } = ending;
  const run = await changeRun(parts, taskId, (before) => {
    const traced = before.trace.find(({ number }) => number === place.number);
    if (!traced || traced.state !== "running" || before.state !== "running") return null;
    const after = work.state === "done" ? takeOutput(before, ending) : before;
    auditEnd(parts, { before, after, place, work });
    return { ...after, trace: after.trace.map((one) => (one === traced ? endTrace(traced, after, work) : one)) };
  });
  return endOf(run?.trace.find(({ number }) => number === place.number));
}

function takeOutput(
  run: RunRecord,
  { place, work, runs }: { readonly place: Place; readonly work: PhaseWork; readonly runs: readonly CheckRun[] },
): RunRecord {
  const after = { ...run, outputs: { ...run.outputs, [place.phase]: work.output } };
  const { BUILD: build, VERIFY: verify } = after.outputs;
  if (place.phase === "BUILD" && build) return { ...after, criteria: mergeCriteria(run.criteria, build) };
  if (place.phase !== "VERIFY" || !verify) return after;
  const at = new Date().toISOString();
  const criteria = judgeCriteria(run.criteria, { iteration: place.iteration, at, results: verify.results, runs });
  return { ...after, criteria };
}

function endTrace(traced: TracedPhase, run: RunRecord, work: PhaseWork): TracedPhase {
  const isSentBack = traced.phase === "VERIFY" && work.state === "done" && !allPassed(run.criteria);
  const verify = run.outputs.VERIFY;
  return {
    ...traced,
    state: work.state,
    endedAt: new Date().toISOString(),
    taskIds: [...work.taskIds],
    summary: work.state === "done" ? summaryOf(traced.phase, run) : (work.problem ?? ""),
    sentBackTo: isSentBack ? clampReturn(verify?.returnTo ?? null) : null,
    why: isSentBack ? (verify?.why ?? null) : null,
  };
}

function endOf(traced: TracedPhase | undefined): PhaseEnd {
  if (!traced || traced.state === "running") return { state: "cancelled" };
  if (traced.sentBackTo !== null) return { state: "not_passed", returnTo: traced.sentBackTo };
  return { state: traced.state };
}

interface Audited {
  readonly before: RunRecord;
  readonly after: RunRecord;
  readonly place: Place;
  readonly work: PhaseWork;
}

function auditEnd({ audit }: ChangeParts, { before, after, place, work }: Audited): void {
  const { number, phase, iteration } = place;
  const about = { agent: leaderOf(phase), taskId: before.taskId };
  for (const criterion of after.criteria) {
    const known = before.criteria.find(({ id }) => id === criterion.id);
    if (known && known.judgements.length !== criterion.judgements.length) {
      audit({ kind: "criterion_judged", ...about, detail: judged(criterion) });
    }
  }
  const detail = { number, phase, iteration, state: work.state, tasks: work.taskIds, problem: work.problem };
  audit({ kind: "phase_ended", ...about, detail });
}

function judged({ id, text, check, judgements }: Criterion): Record<string, unknown> {
  return { criterion: id, text, check, ...judgements.at(-1) };
}

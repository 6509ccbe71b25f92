import { type PhaseOutputs, Phase, type PlanStep, type SubmittedPhase } from "../../contract/algorithm.ts";
import { PHASE_PROMPTS } from "../../pai/algorithm/phases.ts";
import type { RunRecord } from "../store/run-changes.ts";
import { livingCriteria } from "./criteria.ts";
import type { Place } from "./next-place.ts";

export interface PhaseRequestParts {
  readonly run: Pick<RunRecord, "taskId" | "outputs" | "criteria" | "trace">;
  readonly request: string;
  readonly place: Pick<Place, "iteration">;
}

/** All that the agent of a phase is told. */
export function phaseRequest(phase: SubmittedPhase, { run, request, place }: PhaseRequestParts): string {
  const sentBack = run.trace.findLast(({ sentBackTo }) => sentBackTo !== null);
  return [
    `${phase}, round ${place.iteration} of run ${run.taskId}.`,
    PHASE_PROMPTS[phase],
    `<request>\n${request}\n</request>`,
    ...Phase.options.flatMap((before) => outputPart(before, phase, run.outputs)),
    ...criteriaPart(phase, run.criteria),
    ...(sentBack ? [tagged("sent_back", { to: sentBack.sentBackTo, why: sentBack.why })] : []),
  ].join("\n\n");
}

interface StepParts {
  readonly run: Pick<RunRecord, "trace" | "criteria">;
  /** Of the steps it depends on. */
  readonly results: readonly { readonly step: string; readonly result: string }[];
}

const AGAIN = `This was done before, and the check of the whole failed. Look at how things are, then do what is missing.`;

/** All that the agent of a step is told. */
export function stepRequest(step: Pick<PlanStep, "request">, { run, results }: StepParts): string {
  const sentBack = run.trace.findLast(({ sentBackTo }) => sentBackTo !== null);
  const failed = livingCriteria(run.criteria).filter(({ judgements }) => judgements.at(-1)?.passed === false);
  const unmet = failed.map(({ id, text, judgements }) => ({ id, text, evidence: judgements.at(-1)?.evidence }));
  return [
    step.request,
    ...(results.length > 0 ? [tagged("results_before", results)] : []),
    ...(sentBack ? [tagged("sent_back", { why: sentBack.why, unmet }), AGAIN] : []),
  ].join("\n\n");
}

/** BUILD's output is shown as the criteria it led to. */
function outputPart(before: Phase, phase: Phase, outputs: PhaseOutputs): string[] {
  const output = outputs[before];
  if (output === undefined || before === "BUILD" || before === "LEARN") return [];
  const isLater = Phase.options.indexOf(before) > Phase.options.indexOf(phase);
  return [tagged(before.toLowerCase(), output, isLater ? ' of="the round before"' : "")];
}

function criteriaPart(phase: Phase, criteria: RunRecord["criteria"]): string[] {
  const shown = (phase === "BUILD" ? criteria : livingCriteria(criteria)).map((criterion) => {
    const { id, text, check, anti, state, reason, judgements } = criterion;
    const last = judgements.at(-1);
    return { id, text, check, anti, state, ...(reason && { reason }), ...(last && { evidence: last.evidence }) };
  });
  return shown.length === 0 ? [] : [tagged("criteria", shown)];
}

/** A `<` within the value cannot end the tag. */
function tagged(name: string, value: unknown, attributes = ""): string {
  const json = JSON.stringify(value, null, 1).replaceAll("<", "\\u003c");
  return `<${name}${attributes}>\n${json}\n</${name}>`;
}

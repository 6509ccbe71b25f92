import type { Criterion, Judgement, PhaseOutput } from "../../contract/algorithm.ts";

type Build = PhaseOutput<"BUILD">;
type Drafted = Build["criteria"][number];

/**
 * The criteria after BUILD: new ones get the next free id, parts of one that is split get ids below its own, and what
 * is dropped or split stays with its reason, so that an id never means something else.
 */
export function mergeCriteria(before: readonly Criterion[], { criteria, dropped }: Build): Criterion[] {
  const merged = before.map((criterion) => {
    const reason = dropped.find(({ id }) => id === criterion.id)?.reason;
    return reason === undefined ? criterion : drop(criterion, reason);
  });
  for (const draft of criteria) merged.push(created(nextId(merged, draft.partOf), draft));
  return merged.map((criterion) => {
    const parts = criteria.some(({ partOf }) => partOf === criterion.id) ? partsOf(merged, criterion.id) : [];
    return parts.length === 0 ? criterion : drop(criterion, `Split into ${parts.join(", ")}`);
  });
}

function drop(criterion: Criterion, reason: string): Criterion {
  return criterion.state === "dropped" ? criterion : { ...criterion, state: "dropped", reason };
}

function created(id: string, { text, check, anti }: Drafted): Criterion {
  return { id, text, check, anti, state: "open", reason: null, judgements: [] };
}

/** A part of something unknown is a criterion of its own. */
function nextId(all: readonly Criterion[], partOf: string | null): string {
  const parent = all.some(({ id }) => id === partOf) ? partOf : null;
  const taken = parent === null ? all.filter(({ id }) => !id.includes(".")).length : partsOf(all, parent).length;
  return parent === null ? `ISC-${taken + 1}` : `${parent}.${taken + 1}`;
}

function partsOf(all: readonly Criterion[], parent: string): string[] {
  const isPart = new RegExp(`^${parent.replaceAll(".", "\\.")}\\.\\d+$`);
  return all.map(({ id }) => id).filter((id) => isPart.test(id));
}

/** For another round: what was judged may have changed since. */
export function reopenCriteria(criteria: readonly Criterion[]): Criterion[] {
  return criteria.map((criterion) => (criterion.state === "dropped" ? criterion : { ...criterion, state: "open" }));
}

/** How a check went that qa ran. */
export interface CheckRun {
  readonly command: string;
  readonly passed: boolean;
  readonly callId: string;
  readonly outputSha256: string;
  readonly lastLines: string;
}

export interface JudgeParts {
  readonly iteration: number;
  readonly at: string;
  readonly results: PhaseOutput<"VERIFY">["results"];
  readonly runs: readonly CheckRun[];
}

/** A check's outcome counts, whatever was said of it. What nobody judged stays open. */
export function judgeCriteria(criteria: readonly Criterion[], parts: JudgeParts): Criterion[] {
  return criteria.map((criterion) => {
    if (criterion.state === "dropped") return criterion;
    const judgement = judge(criterion, parts);
    if (judgement === null) return criterion;
    const judgements = [...criterion.judgements, judgement];
    return { ...criterion, state: judgement.passed ? "passed" : "failed", judgements };
  });
}

function judge({ id, check }: Criterion, { iteration, at, results, runs }: JudgeParts): Judgement | null {
  if (check !== null) {
    const run = runs.findLast(({ command }) => command === check);
    if (!run) return null;
    const { passed, callId, outputSha256, lastLines } = run;
    return { iteration, at, passed, callId, outputSha256, evidence: lastLines };
  }
  const said = results.findLast(({ criterionId }) => criterionId === id);
  if (!said) return null;
  return { iteration, at, passed: said.passed, evidence: said.evidence, callId: null, outputSha256: null };
}

export function livingCriteria(criteria: readonly Criterion[]): Criterion[] {
  return criteria.filter(({ state }) => state !== "dropped");
}

/** False also when there is nothing to pass. */
export function allPassed(criteria: readonly Criterion[]): boolean {
  const living = livingCriteria(criteria);
  return living.length > 0 && living.every(({ state }) => state === "passed");
}

/** Such as “2 of 3 criteria passed, 1 was not judged”. */
export function countCriteria(criteria: readonly Criterion[]): string {
  const living = livingCriteria(criteria);
  const passed = living.filter(({ state }) => state === "passed").length;
  const open = living.filter(({ state }) => state === "open").length;
  const unjudged = open === 0 ? "" : `, ${open} ${open === 1 ? "was" : "were"} not judged`;
  return `${passed} of ${living.length} ${living.length === 1 ? "criterion" : "criteria"} passed${unjudged}`;
}

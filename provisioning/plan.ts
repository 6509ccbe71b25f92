import { PACKAGE_UPDATES_STEP, type Plan, type PlannedStep } from "../contract/provision.ts";
import { choicesOf } from "./choices.ts";
import { findBlockers, withoutRoot } from "./blockers.ts";
import { toServerFacts } from "./facts.ts";
import type { Facts } from "./facts.ts";
import { wrongQdrantFile } from "./qdrant.ts";
import type { Step } from "./step.ts";
import { STEPS, stepsFor } from "./steps.ts";
import type { Wanted } from "./wanted.ts";

/** Room that a step takes on each disk while it is applied. */
const NEEDED_MB: Readonly<Record<string, number>> = {
  packages: 800,
  [PACKAGE_UPDATES_STEP]: 500,
  runtime: 300,
  "memory-model": 100,
  swap: 2300,
  docker: 400,
  qdrant: 200,
};

/** What provisioning would change on a server with these facts. */
export function makePlan(serverId: string, facts: Facts, wanted: Wanted): Plan {
  const steps = stepsFor(wanted.wishes).map((step) => {
    const changes = step.plan(facts, wanted);
    const note = step.note?.(facts, wanted) ?? null;
    const isLeftOut = step.isLeftOut?.(facts, wanted) === true;
    const planned = planStep(step, changes, changes.length > 0);
    return { ...planned, ...(note !== null && { note }), ...(isLeftOut && { isLeftOut }) };
  });
  const neededMb = steps.reduce((sum, { id, state }) => sum + (state === "needed" ? (NEEDED_MB[id] ?? 1) : 0), 0);
  const wrongFile = wrongQdrantFile(facts.architecture, wanted);
  const blockers = [...findBlockers(facts, wanted.release, neededMb), ...(wrongFile ? [wrongFile] : [])];
  return { serverId, facts: toServerFacts(facts), choices: choicesOf(facts, wanted), steps, blockers };
}

/** What taking it back would do; the last step goes first. */
export function makeRemovalPlan(serverId: string, facts: Facts): Plan {
  const steps = STEPS.toReversed().map((step) => planStep(step, step.undo.changes, step.undo.command !== null));
  const choices = choicesOf(facts, { wishes: {} });
  return { serverId, facts: toServerFacts(facts), choices, steps, blockers: withoutRoot(facts) };
}

function planStep(step: Step, changes: readonly string[], isNeeded: boolean): PlannedStep {
  const { id, title, area, reason } = step;
  return { id, title, area, reason, state: isNeeded ? "needed" : "satisfied", changes: [...changes] };
}

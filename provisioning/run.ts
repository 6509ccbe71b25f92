import type { Plan, RunResult, StepResult, Wishes } from "../contract/provision.ts";
import { toWireError } from "../contract/errors.ts";
import type { WireError } from "../contract/errors.ts";
import { readFacts } from "./facts.ts";
import type { Facts } from "./facts.ts";
import { makePlan, makeRemovalPlan } from "./plan.ts";
import { leadOrWatch } from "./lead-or-watch.ts";
import type { Work } from "./lead-or-watch.ts";
import { createStepRunner } from "./run-step.ts";
import type { RunParts } from "./run-step.ts";
import { createStepUndoer } from "./undo-step.ts";
import { STEPS, stepsFor } from "./steps.ts";
import { survivingCuts } from "./survive-cuts.ts";
import type { Wanted } from "./wanted.ts";

interface ProvisionParts extends RunParts {
  /** Read a moment ago, for the plan that was shown. Each step that seems to be needed is looked at again. */
  readonly known?: Facts | undefined;
}

/**
 * Makes every step true, as many at a time as their needs allow. Another client that is at it is watched to its end;
 * then what is left is done. Never rejects; the caller emits the result as `ended`.
 */
export function provisionServer(parts: ProvisionParts, wanted: Wanted): Promise<RunResult> {
  return run(parts, {
    kind: "apply",
    wishes: wanted.wishes,
    plan: (facts) => makePlan(parts.serverId, facts, wanted),
    async start(led, { facts, plan, areFactsOld }) {
      const runner = createStepRunner(led, { facts, wanted, areFactsOld });
      const ends = new Map<string, Promise<StepResult>>();
      for (const step of stepsFor(wanted.wishes)) {
        const needs = step.needs.flatMap((id) => ends.get(id) ?? []);
        ends.set(step.id, runner.apply(step, { needs, isNeeded: isNeeded(plan, step.id) }));
      }
      return toResult({ steps: await Promise.all(ends.values()), error: runner.firstError() });
    },
  });
}

/**
 * Takes back what provisioning did, the last step first. Another client that is at it is watched instead. Never rejects;
 * the caller emits the result as `ended`.
 */
export function unprovisionServer(parts: RunParts): Promise<RunResult> {
  return run(parts, {
    kind: "remove",
    wishes: {},
    plan: (facts) => makeRemovalPlan(parts.serverId, facts),
    async start(led) {
      const undoer = createStepUndoer(led);
      const steps: StepResult[] = [];
      for (const step of STEPS.toReversed()) steps.push(await undoer.undo(step));
      return toResult({ steps, error: undoer.firstError() });
    },
  });
}

async function run(parts: ProvisionParts, work: Work): Promise<RunResult> {
  try {
    const { signal } = parts;
    const { wishes } = work;
    for (let known = enough(parts.known, wishes); ; known = undefined) {
      const facts = known ?? (await survivingCuts(parts, (shell) => readFacts(shell, { signal, wishes })));
      const plan = work.plan(facts);
      parts.emit({ type: "planned", plan });
      const [blocker] = plan.blockers;
      if (blocker) {
        return toResult({ steps: plan.steps.map(({ id }) => ({ id, state: "skipped", ms: 0 })), error: blocker });
      }
      const result = await leadOrWatch(parts, work, { facts, plan, areFactsOld: known !== undefined });
      if (result !== null) return result;
    }
  } catch (error) {
    return toResult({ steps: [], error: toWireError(error) });
  }
}

/** Facts that were read for other wishes may lack what these need to know. */
function enough(known: Facts | undefined, { packageUpdates = false }: Wishes): Facts | undefined {
  return packageUpdates && !known?.packageUpdates ? undefined : known;
}

function toResult({ steps, error }: { steps: StepResult[]; error: WireError | undefined }): RunResult {
  const changed = steps.filter((step) => step.state === "changed").length;
  return { ok: error === undefined, changed, steps, ...(error && { error }) };
}

function isNeeded(plan: Plan, id: string): boolean {
  return plan.steps.some((step) => step.id === id && step.state === "needed");
}

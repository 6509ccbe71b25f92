import { AppError } from "../contract/errors.ts";
import type { StepResult } from "../contract/provision.ts";
import { refreshFacts } from "./facts.ts";
import type { Facts } from "./facts.ts";
import type { Shell } from "./shell.ts";
import type { Step } from "./step.ts";
import { createStepReports } from "./step-reports.ts";
import type { ReportParts } from "./step-reports.ts";
import { survivingCuts } from "./survive-cuts.ts";
import type { Reachable } from "./survive-cuts.ts";
import type { Wanted } from "./wanted.ts";

export interface RunParts extends Reachable, ReportParts {
  readonly serverId: string;
  /** Who asks for this, for other clients: such as `ann@laptop`. */
  readonly who: string;
}

interface Turn {
  /** The steps that must have ended well before. */
  readonly needs: readonly Promise<StepResult>[];
  readonly isNeeded: boolean;
}

interface Start {
  readonly facts: Facts;
  readonly wanted: Wanted;
  /** Not read for this run: a step may have become true since. */
  readonly areFactsOld: boolean;
}

/** Applies steps: each when those it needs have ended, and believed only when the server shows its effect. */
export function createStepRunner(parts: RunParts, start: Start) {
  const { signal } = parts;
  const { wanted } = start;
  const reports = createStepReports(parts);
  let facts = start.facts;

  async function whatIsLeft(step: Step, shell: Shell): Promise<readonly string[]> {
    const fresh = await refreshFacts(shell, facts, { probes: step.probes, signal });
    facts = { ...facts, ...fresh };
    return step.plan(facts, wanted);
  }

  async function applyStep(step: Step): Promise<"changed" | "unchanged"> {
    const inside = reports.inside(step);
    let wasCut = false;
    const attempt = async (shell: Shell) => {
      const mustLook = wasCut || start.areFactsOld;
      if (mustLook && (await whatIsLeft(step, shell)).length === 0) return wasCut ? "changed" : "unchanged";
      await step.apply({ shell, facts, wanted, signal, ...inside });
      const left = await whatIsLeft(step, shell);
      if (left.length > 0) throw stillMissing(step, left);
      return "changed";
    };
    return survivingCuts(parts, attempt, () => {
      wasCut = true;
      inside.log("The connection broke; going on when it is back");
    });
  }

  return {
    firstError: reports.firstError,

    async apply(step: Step, { needs, isNeeded }: Turn): Promise<StepResult> {
      const before = await Promise.all(needs);
      if (before.some(({ state }) => state === "failed" || state === "skipped")) return reports.pass(step, "skipped");
      if (!isNeeded) return reports.pass(step, "unchanged");
      return reports.carryOut(step, () => applyStep(step));
    },
  };
}

function stillMissing(step: Step, left: readonly string[]): AppError {
  return new AppError("provision.step_failed", `${step.title}: applied, but the server does not show it`, {
    hint: "Provision again: it goes on from here. If it ends the same way, the details say what to look at.",
    details: left.join("\n"),
  });
}

import type { StepResult } from "../contract/provision.ts";
import type { RunParts } from "./run-step.ts";
import type { Step } from "./step.ts";
import { createStepReports } from "./step-reports.ts";
import { survivingCuts } from "./survive-cuts.ts";

const DEADLINE_MS = 180_000;

/** Takes steps back, and says in their log what goes and what stays. */
export function createStepUndoer(parts: RunParts) {
  const reports = createStepReports(parts);
  return {
    firstError: reports.firstError,

    async undo(step: Step): Promise<StepResult> {
      const { changes, command } = step.undo;
      for (const line of changes) reports.inside(step).log(line);
      if (command === null) return reports.pass(step, "unchanged");
      return reports.carryOut(step, async () => {
        const options = { signal: parts.signal, timeoutMs: DEADLINE_MS };
        await survivingCuts(parts, (shell) => shell.run(command, options));
        return "changed";
      });
    },
  };
}

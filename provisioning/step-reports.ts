import { toWireError } from "../contract/errors.ts";
import type { WireError } from "../contract/errors.ts";
import type { RunEvent, StepResult } from "../contract/provision.ts";
import type { Step, StepContext } from "./step.ts";

type Unnumbered<T> = T extends unknown ? Omit<T, "seq"> : never;
/** An event of a run before the run's log has numbered it. */
export type NewRunEvent = Unnumbered<RunEvent>;

export interface ReportParts {
  readonly emit: (event: NewRunEvent) => void;
  readonly now: () => Date;
}

/** Tells how steps go. After the first failure nothing more is started. */
export function createStepReports({ emit, now }: ReportParts) {
  let firstError: WireError | undefined;

  function end(result: StepResult, error?: WireError): StepResult {
    emit({ type: "step_ended", result, ...(error && { error }) });
    return result;
  }

  return {
    firstError: () => firstError,
    pass: ({ id }: Step, state: "skipped" | "unchanged") => end({ id, state, ms: 0 }),

    async carryOut({ id }: Step, work: () => Promise<"changed" | "unchanged">): Promise<StepResult> {
      if (firstError) return end({ id, state: "skipped", ms: 0 });
      const startedAt = performance.now();
      const ms = () => Math.round(performance.now() - startedAt);
      emit({ type: "step_started", id, at: now().toISOString() });
      try {
        return end({ id, state: await work(), ms: ms() });
      } catch (error) {
        const wire = toWireError(error);
        firstError ??= wire;
        return end({ id, state: "failed", ms: ms() }, wire);
      }
    },

    /** What happens inside a step. */
    inside: ({ id }: Step): Pick<StepContext, "log" | "progress"> => ({
      log: (line) => emit({ type: "step_log", id, line }),
      progress: (done, total) => emit({ type: "step_progress", id, done, total }),
    }),
  };
}

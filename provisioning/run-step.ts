import { AppError, toWireError } from "../contract/errors.ts";
import type { WireError } from "../contract/errors.ts";
import type { RunEvent, StepResult } from "../contract/provision.ts";
import { refreshFacts } from "./facts.ts";
import type { Facts } from "./facts.ts";
import type { Shell } from "./shell.ts";
import type { Step } from "./step.ts";
import { survivingCuts } from "./survive-cuts.ts";
import type { Reachable } from "./survive-cuts.ts";
import type { Wanted } from "./wanted.ts";

type Unnumbered<T> = T extends unknown ? Omit<T, "seq"> : never;
export type NewRunEvent = Unnumbered<RunEvent>;

export interface RunParts extends Reachable {
  readonly serverId: string;
  emit(event: NewRunEvent): void;
  now(): Date;
}

interface Turn {
  /** The steps that must have ended well before. */
  readonly needs: readonly Promise<StepResult>[];
  readonly isNeeded: boolean;
}

/** Carries steps out one by one and tells about each. After the first failure nothing more is started. */
export function createStepRunner(parts: RunParts, start: { readonly facts: Facts; readonly wanted?: Wanted }) {
  let facts = start.facts;
  let failure: WireError | undefined;

  async function carryOut(step: Step, work: () => Promise<void>): Promise<StepResult> {
    if (failure) return ended({ id: step.id, state: "skipped", ms: 0 });
    const startedAt = performance.now();
    const ms = () => Math.round(performance.now() - startedAt);
    parts.emit({ type: "step_started", id: step.id, at: parts.now().toISOString() });
    try {
      await work();
      return ended({ id: step.id, state: "changed", ms: ms() });
    } catch (error) {
      const wire = toWireError(error);
      failure ??= wire;
      return ended({ id: step.id, state: "failed", ms: ms() }, wire);
    }
  }

  function ended(result: StepResult, error?: WireError): StepResult {
    parts.emit({ type: "step_ended", result, ...(error && { error }) });
    return result;
  }

  /** Again after a cut: the facts are read afresh, for much may have been done before it. */
  async function applyStep(step: Step, wanted: Wanted): Promise<void> {
    const { signal } = parts;
    const look = async (shell: Shell) => {
      const fresh = await refreshFacts(shell, facts, { probes: step.probes, signal });
      facts = { ...facts, ...fresh };
      return step.plan(facts, wanted);
    };
    let wasCut = false;
    const attempt = async (shell: Shell) => {
      if (wasCut && (await look(shell)).length === 0) return;
      await step.apply({ shell, facts, wanted, signal, ...reporter(step) });
      const left = await look(shell);
      if (left.length > 0) throw stillMissing(step, left);
    };
    await survivingCuts(parts, attempt, () => {
      wasCut = true;
      reporter(step).log("The connection broke; going on when it is back");
    });
  }

  function reporter({ id }: Step) {
    return {
      log: (line: string) => parts.emit({ type: "step_log", id, line }),
      progress: (done: number, total: number) => parts.emit({ type: "step_progress", id, done, total }),
    };
  }

  return {
    firstError: () => failure,

    async apply(step: Step, { needs, isNeeded }: Turn): Promise<StepResult> {
      const before = await Promise.all(needs);
      const { wanted } = start;
      if (wanted === undefined || before.some(({ state }) => state === "failed" || state === "skipped")) {
        return ended({ id: step.id, state: "skipped", ms: 0 });
      }
      if (!isNeeded) return ended({ id: step.id, state: "unchanged", ms: 0 });
      return carryOut(step, () => applyStep(step, wanted));
    },

    async undo(step: Step): Promise<StepResult> {
      const { changes, command } = step.undo;
      if (command === null) return ended({ id: step.id, state: "unchanged", ms: 0 });
      return carryOut(step, async () => {
        for (const line of changes) reporter(step).log(line);
        await survivingCuts(parts, (shell) => shell.run(command, { signal: parts.signal, timeoutMs: 180_000 }));
      });
    },
  };
}

function stillMissing(step: Step, left: readonly string[]): AppError {
  return new AppError("provision.step_failed", `${step.title}: applied, but the server does not show it`, {
    hint: "Provision again: it goes on from here. If it ends the same way, the details say what to look at.",
    details: left.join("\n"),
  });
}

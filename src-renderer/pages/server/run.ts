import type { WireError } from "../../../contract/errors.ts";
import {
  PACKAGE_UPDATES_STEP,
  type Plan,
  type RunEvent,
  type RunResult,
  type StepResult,
  type Wishes,
} from "../../../contract/provision.ts";

/** One step of a run, as it goes. */
export type StepRun =
  | { readonly state: "running"; readonly startedAt: string; readonly progress: { done: number; total: number } | null }
  | {
      readonly state: StepResult["state"];
      /** Null for a step that never began. */
      readonly startedAt: string | null;
      readonly ms: number;
      readonly error: WireError | null;
    };

export interface LogLine {
  readonly step: string;
  readonly text: string;
}

/** A run of provisioning (or of its removal), folded from its events. */
export interface Run {
  /** The last event that is folded in. */
  readonly seq: number;
  readonly plan: Plan | null;
  /** The other client whose run this is; null for our own. */
  readonly leader: { readonly who: string; readonly since: string } | null;
  readonly steps: Readonly<Record<string, StepRun>>;
  readonly log: readonly LogLine[];
  readonly result: RunResult | null;
}

export const NO_RUN: Run = { seq: 0, plan: null, leader: null, steps: {}, log: [], result: null };

/** Memory stays bounded however much a command prints; the oldest lines go first. */
export const KEPT_LOG_LINES = 20_000;

/** The run after an event; an event that was seen before changes nothing. */
export function foldRun(run: Run, event: RunEvent): Run {
  if (event.seq <= run.seq) return run;
  return { ...foldNew(run, event), seq: event.seq };
}

function foldNew(run: Run, event: RunEvent): Run {
  switch (event.type) {
    case "planned":
      return { ...NO_RUN, plan: event.plan };
    case "joined":
      return { ...run, leader: { who: event.who, since: event.since } };
    case "step_started":
      return withStep(run, event.id, { state: "running", startedAt: event.at, progress: null });
    case "step_progress": {
      const step = run.steps[event.id];
      if (step?.state !== "running") return run;
      return withStep(run, event.id, { ...step, progress: { done: event.done, total: event.total } });
    }
    case "step_log":
      return { ...run, log: [...run.log, { step: event.id, text: event.line }].slice(-KEPT_LOG_LINES) };
    case "step_ended": {
      const { id, state, ms } = event.result;
      return withStep(run, id, { state, ms, startedAt: run.steps[id]?.startedAt ?? null, error: event.error ?? null });
    }
    case "ended":
      return { ...run, result: event.result };
  }
}

function withStep(run: Run, id: string, step: StepRun): Run {
  return { ...run, steps: { ...run.steps, [id]: step } };
}

/**
 * From 0 to 1: the lines of the plan that are done, with the measured part of those that are being done. A step that
 * holds already is no work, unless all do.
 */
export function runProgress({ plan, steps }: Run): number {
  const needed = plan?.steps.filter(({ state }) => state === "needed") ?? [];
  const counted = needed.length > 0 ? needed : (plan?.steps ?? []);
  const work = counted.map(({ id, changes }) => ({ lines: Math.max(changes.length, 1), share: stepShare(steps[id]) }));
  const total = work.reduce((sum, { lines }) => sum + lines, 0);
  return total === 0 ? 0 : work.reduce((sum, { lines, share }) => sum + lines * share, 0) / total;
}

function stepShare(step: StepRun | undefined): number {
  if (step === undefined) return 0;
  if (step.state !== "running") return 1;
  return step.progress && step.progress.total > 0 ? step.progress.done / step.progress.total : 0;
}

/** Milliseconds from the first step's start to the last one's end; steps may run side by side. */
export function runTook(run: Run): number {
  const spans = Object.values(run.steps).flatMap((step) => {
    if (step.state === "running" || step.startedAt === null) return [];
    const start = Date.parse(step.startedAt);
    return [{ start, end: start + step.ms }];
  });
  if (spans.length === 0) return 0;
  return Math.max(...spans.map(({ end }) => end)) - Math.min(...spans.map(({ start }) => start));
}

/** What was wished of this run alone: going on with it means that too. */
export function onceWished({ plan }: Run): Wishes {
  return plan?.steps.some(({ id }) => id === PACKAGE_UPDATES_STEP) ? { packageUpdates: true } : {};
}

export function isRunning(run: Run): boolean {
  return run.seq > 0 && run.result === null;
}

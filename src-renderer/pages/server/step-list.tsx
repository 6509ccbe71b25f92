import { durationText } from "../../../contract/duration-text.ts";
import { ChevronRight } from "lucide-react";
import type { Plan, PlannedStep } from "../../../contract/provision.ts";
import { AREAS } from "./areas.ts";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { StateMark, type Mark } from "../../ui/state-mark.tsx";
import { Duration } from "../../ui/time.tsx";
import type { Run, StepRun } from "./run.ts";

interface StepListProps {
  readonly plan: Plan;
  readonly run: Run;
  /** What changes is shown at once. */
  readonly isOpen?: boolean;
}

/** Every step of a plan by area; during a run it fills from top to bottom. */
export function StepList({ plan, run, isOpen = false }: StepListProps) {
  const areas = [...Map.groupBy(plan.steps, (step) => step.area)];
  return (
    <div className="flex flex-col gap-3">
      {areas.map(([area, steps]) => (
        <div key={area} className="card overflow-hidden">
          <h3 className="flex justify-between gap-3 border-b border-line px-3 py-1.5 text-small text-dim">
            {AREAS[area]}
            <span className="font-normal text-faint tabular-nums">{countWords(steps, run)}</span>
          </h3>
          <ul className="divide-y divide-line">
            {steps.map((step) => (
              <li key={step.id}>
                <StepLine step={step} run={run} isOpen={isOpen} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

/** How far an area is: what it takes before a run, what is done during one. */
function countWords(steps: readonly PlannedStep[], run: Run): string {
  if (run.seq > 0) {
    const done = steps.filter(({ id, state }) => {
      const went = run.steps[id];
      return went ? went.state !== "running" : state === "satisfied";
    });
    return `${done.length} of ${steps.length}`;
  }
  const needed = steps.filter(({ state }) => state === "needed").length;
  return needed === 0 ? "" : `${needed} to do`;
}

interface StepLineProps {
  readonly step: PlannedStep;
  readonly run: Run;
  readonly isOpen: boolean;
}

function StepLine({ step, run: whole, isOpen }: StepLineProps) {
  const run = whole.steps[step.id] ?? null;
  const { mark, word } = stepState(step, run, whole.seq > 0);
  const saying = run?.state === "running" ? whole.log.findLast((line) => line.step === step.id)?.text : undefined;
  return (
    <details className="group/step" open={isOpen}>
      <summary className="flex min-h-9 list-none items-center gap-2.5 px-3 py-1.5 hover:bg-raised">
        <StateMark mark={mark} />
        <span className="shrink-0 font-strong">{step.title}</span>
        {saying === undefined ? (
          <span className="min-w-0 flex-1 truncate text-dim max-phone:hidden">{step.reason}</span>
        ) : (
          <span className="min-w-0 flex-1 truncate font-mono text-small text-faint max-phone:hidden">{saying}</span>
        )}
        {run?.state === "running" && run.progress && (
          <span className="flex w-32 items-center gap-2 text-small whitespace-nowrap text-faint tabular-nums max-phone:w-auto max-phone:[&>:first-child]:hidden">
            <ProgressBar
              label={`Progress of ${step.title}`}
              done={run.progress.done / Math.max(run.progress.total, 1)}
            />
            {Math.floor((100 * run.progress.done) / Math.max(run.progress.total, 1))} %
          </span>
        )}
        <span className="ml-auto shrink-0 text-small text-faint">
          {word}
          {run && <StepTime run={run} />}
        </span>
        <ChevronRight
          className="icon size-3.5 text-faint transition-transform duration-150 group-open/step:rotate-90"
          aria-hidden
        />
      </summary>
      <div className="flex flex-col gap-1.5 pt-0.5 pr-3 pb-3 pl-8">
        <p className="text-dim phone:hidden">{step.reason}</p>
        {step.changes.length > 0 ? (
          <ul className="rounded-control border border-line bg-code px-3 py-2 font-mono text-small leading-5">
            {step.changes.map((change) => (
              <li key={change} className="wrap-anywhere">
                {change}
              </li>
            ))}
          </ul>
        ) : (
          <p className="text-small text-faint">{step.isLeftOut ? "Left out" : "Already so"}. Nothing changes.</p>
        )}
        {step.note && <p className="text-small text-dim">{step.note}</p>}
      </div>
    </details>
  );
}

function StepTime({ run }: { readonly run: StepRun }) {
  if (run.state !== "running") return <> · {durationText(run.ms)}</>;
  return (
    <>
      {" · "}
      <Duration from={run.startedAt} to={null} />
    </>
  );
}

/** A step that changes nothing. */
function holdsAs({ isLeftOut }: PlannedStep): { mark: Mark; word: string } {
  return isLeftOut ? { mark: "stopped", word: "left out" } : { mark: "ok", word: "already so" };
}

function stepState(step: PlannedStep, run: StepRun | null, going: boolean): { mark: Mark; word: string } {
  if (!run) {
    if (step.state === "satisfied") return holdsAs(step);
    return { mark: "idle", word: going ? "waiting" : "to do" };
  }
  switch (run.state) {
    case "running":
      return { mark: "working", word: "running" };
    case "changed":
      return { mark: "ok", word: "changed" };
    case "unchanged":
      return holdsAs(step);
    case "failed":
      return { mark: "failed", word: "failed" };
    case "skipped":
      return { mark: "stopped", word: "not done" };
  }
}

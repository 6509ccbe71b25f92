import { ChevronRight } from "lucide-react";
import type { Plan, PlannedStep } from "../../../contract/provision.ts";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { StateMark, type Mark } from "../../ui/state-mark.tsx";
import { Duration, durationText } from "../../ui/time.tsx";
import type { Run, StepRun } from "./run.ts";

const AREAS: Record<PlannedStep["area"], string> = {
  system: "System",
  data: "Databases",
  web: "Web server",
  runtime: "Runtime",
  team: "Team",
  security: "Security",
};

interface StepListProps {
  readonly plan: Plan;
  readonly run: Run;
}

/** Every step of a plan by area; during a run it fills from top to bottom. */
export function StepList({ plan, run }: StepListProps) {
  const areas = [...Map.groupBy(plan.steps, (step) => step.area)];
  return (
    <div className="flex flex-col gap-3">
      {areas.map(([area, steps]) => (
        <div key={area} className="card overflow-hidden">
          <h3 className="border-b border-line px-3 py-1.5 text-small text-dim">{AREAS[area]}</h3>
          <ul className="divide-y divide-line">
            {steps.map((step) => (
              <li key={step.id}>
                <StepLine step={step} run={run.steps[step.id] ?? null} going={run.seq > 0} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

interface StepLineProps {
  readonly step: PlannedStep;
  readonly run: StepRun | null;
  readonly going: boolean;
}

function StepLine({ step, run, going }: StepLineProps) {
  const { mark, word } = stepState(step, run, going);
  return (
    <details className="group/step">
      <summary className="flex min-h-9 list-none items-center gap-2.5 px-3 py-1.5 hover:bg-raised">
        <StateMark mark={mark} />
        <span className="shrink-0 font-strong">{step.title}</span>
        <span className="min-w-0 flex-1 truncate text-dim max-phone:hidden">{step.reason}</span>
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
          <p className="text-small text-faint">Already so. Nothing changes.</p>
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

function stepState(step: PlannedStep, run: StepRun | null, going: boolean): { mark: Mark; word: string } {
  if (!run) {
    if (step.state === "satisfied") return { mark: "ok", word: "already so" };
    return { mark: "idle", word: going ? "waiting" : "to do" };
  }
  switch (run.state) {
    case "running":
      return { mark: "working", word: "running" };
    case "changed":
      return { mark: "ok", word: "changed" };
    case "unchanged":
      return { mark: "ok", word: "already so" };
    case "failed":
      return { mark: "failed", word: "failed" };
    case "skipped":
      return { mark: "stopped", word: "not done" };
  }
}

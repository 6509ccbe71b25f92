import type { AlgorithmRun, TracedPhase } from "../../../contract/algorithm.ts";
import { go } from "../../app/navigation.ts";
import { PhaseStrip } from "../../team/phase-strip.tsx";
import { criteriaWords, PHASE_STATES, RUN_WORDS } from "../../team/run-strip.ts";
import { StateMark } from "../../ui/state-mark.tsx";
import { Duration } from "../../ui/time.tsx";
import { CriteriaList } from "./criteria-list.tsx";

/** How the Algorithm went through a task: where it is, what must be true at the end, and every round. */
export function RunView({ run }: { readonly run: AlgorithmRun }) {
  const words = criteriaWords(run);
  return (
    <>
      <section aria-label="The Algorithm" className="flex flex-col gap-2">
        <h2 className="text-small text-dim">
          The Algorithm · {RUN_WORDS[run.state]} · round {run.iteration}
        </h2>
        <PhaseStrip run={run} />
      </section>
      {run.criteria.length > 0 && (
        <section aria-label="Criteria" className="flex flex-col gap-2">
          <h2 className="text-small text-dim">Criteria{words && ` · ${words}`}</h2>
          <CriteriaList criteria={run.criteria} />
        </section>
      )}
      <Rounds trace={run.trace} />
    </>
  );
}

function Rounds({ trace }: { readonly trace: readonly TracedPhase[] }) {
  const rounds = [...Map.groupBy(trace, ({ iteration }) => iteration)];
  return rounds.toReversed().map(([round, phases]) => (
    <section key={round} aria-label={`Round ${round}`} className="flex flex-col gap-2">
      <h2 className="text-small text-dim">Round {round}</h2>
      <ol className="card divide-y divide-line overflow-hidden">
        {phases.map((phase) => (
          <li key={phase.number}>
            <PhaseLine traced={phase} />
          </li>
        ))}
      </ol>
    </section>
  ));
}

function PhaseLine({ traced }: { readonly traced: TracedPhase }) {
  const { phase, state, summary, sentBackTo, why, startedAt, endedAt, taskIds } = traced;
  const [taskId, ...others] = taskIds;
  const line = (
    <>
      <span className="flex min-h-9 w-full items-center gap-2.5 px-3">
        <StateMark mark={sentBackTo === null ? PHASE_STATES[state].mark : "failed"} />
        <span className="w-20 shrink-0 text-small font-strong">{phase}</span>
        <span className="min-w-0 flex-1 truncate text-dim">{summary || PHASE_STATES[state].word}</span>
        <span className="text-small text-faint">
          <Duration from={startedAt} to={endedAt} />
        </span>
      </span>
      {sentBackTo !== null && (
        <span className="block px-3 pb-2 pl-[7.6rem] text-small wrap-anywhere max-phone:pl-3">
          Sent back to <span className="font-strong">{sentBackTo}</span>
          {why && <span className="text-dim">: {why}</span>}
        </span>
      )}
    </>
  );
  if (taskId === undefined || others.length > 0) return <div>{line}</div>;
  return (
    <button
      type="button"
      onClick={() => go("tasks", taskId)}
      className="w-full text-left outline-offset-[-2px] hover:bg-raised"
    >
      {line}
    </button>
  );
}

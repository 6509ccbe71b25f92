import type { AlgorithmRun } from "../../contract/algorithm.ts";
import { Button } from "../ui/button.tsx";
import { StateMark } from "../ui/state-mark.tsx";
import { criteriaWords, RUN_WORDS, stripOf } from "./run-strip.ts";

/** The phases of a run as a strip, each with its state. */
export function PhaseStrip({ run }: { readonly run: AlgorithmRun }) {
  return (
    <ol aria-label="Phases" className="card grid grid-cols-7 gap-px overflow-hidden bg-line max-phone:grid-cols-2">
      {stripOf(run).map(({ phase, mark, word }) => (
        <li
          key={phase}
          aria-current={phase === run.phase ? "step" : undefined}
          className="flex min-w-0 flex-col gap-0.5 bg-panel px-2.5 py-2 aria-[current=step]:bg-raised max-phone:last:col-span-2"
        >
          <span className="flex items-center gap-1.5">
            <StateMark mark={mark} />
            <span className="text-small font-strong">{phase}</span>
          </span>
          <span className="pl-4 text-tiny text-dim">{word}</span>
        </li>
      ))}
    </ol>
  );
}

interface CompactStripProps {
  readonly run: AlgorithmRun;
  readonly onOpen: () => void;
}

/** The same in one line, for a card. */
export function CompactStrip({ run, onOpen }: CompactStripProps) {
  const words = criteriaWords(run);
  const isOver = run.state !== "running" && run.state !== "asking";
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-3 py-1 text-small text-dim">
      <ol aria-label="Phases" className="flex items-center gap-1.5">
        {stripOf(run).map(({ phase, mark, word }) => (
          <li key={phase} title={`${phase}: ${word}`} className="grid place-items-center">
            <StateMark mark={mark} label={`${phase}: ${word}`} />
          </li>
        ))}
      </ol>
      <span className="font-strong text-text">{isOver ? RUN_WORDS[run.state] : run.phase}</span>
      <span className="text-faint">round {run.iteration}</span>
      {words && <span>{words}</span>}
      <Button size="small" look="quiet" className="-mr-2 ml-auto" onClick={onOpen}>
        Show the run
      </Button>
    </div>
  );
}

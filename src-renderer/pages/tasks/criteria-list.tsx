import { ChevronRight } from "lucide-react";
import type { Criterion, Judgement } from "../../../contract/algorithm.ts";
import { Output } from "../../ui/folded.tsx";
import { StateMark, type Mark } from "../../ui/state-mark.tsx";
import { Ago } from "../../ui/time.tsx";

const MARKS: Record<Criterion["state"], Mark> = { open: "idle", passed: "ok", failed: "failed", dropped: "stopped" };
const WORDS: Record<Criterion["state"], string> = {
  open: "not judged",
  passed: "passed",
  failed: "failed",
  dropped: "dropped",
};

/** What must be true at the end; how it was judged opens below each line. */
export function CriteriaList({ criteria }: { readonly criteria: readonly Criterion[] }) {
  return (
    <ul className="card divide-y divide-line overflow-hidden">
      {criteria.map((criterion) => (
        <li key={criterion.id}>
          <CriterionLine criterion={criterion} />
        </li>
      ))}
    </ul>
  );
}

function CriterionLine({ criterion }: { readonly criterion: Criterion }) {
  const { id, text, anti, state, reason, check, judgements } = criterion;
  return (
    <details className="group/criterion">
      <summary className="flex min-h-9 list-none items-center gap-2.5 px-3 py-1.5 hover:bg-raised">
        <StateMark mark={MARKS[state]} />
        <span className="w-14 shrink-0 font-mono text-small text-dim">{id}</span>
        <span className={`min-w-0 flex-1 wrap-anywhere ${state === "dropped" ? "text-dim line-through" : ""}`}>
          {text}
        </span>
        {anti && <span className="shrink-0 rounded-control border border-line2 px-1.5 text-tiny text-dim">anti</span>}
        <span className={`shrink-0 text-small ${state === "failed" ? "text-bad" : "text-dim"}`}>{WORDS[state]}</span>
        <ChevronRight
          className="icon size-3.5 text-faint transition-transform duration-150 group-open/criterion:rotate-90"
          aria-hidden
        />
      </summary>
      <div className="flex flex-col gap-2.5 px-3 pt-0.5 pb-3 text-small">
        {reason && <p className="text-dim">Dropped: {reason}</p>}
        {check ? (
          <p className="text-dim">
            Checked by <code className="inline-code wrap-anywhere">{check}</code>
          </p>
        ) : (
          <p className="text-dim">Judged by QA; no command can tell.</p>
        )}
        {judgements.toReversed().map((judgement) => (
          <Judged key={`${judgement.iteration} ${judgement.at}`} id={id} judgement={judgement} />
        ))}
        {judgements.length === 0 && <p className="text-faint">Not judged yet.</p>}
      </div>
    </details>
  );
}

function Judged({ id, judgement }: { readonly id: string; readonly judgement: Judgement }) {
  const { iteration, passed, evidence, outputSha256, at } = judgement;
  return (
    <div className="flex flex-col gap-1">
      <p className="flex items-center gap-2">
        <StateMark mark={passed ? "ok" : "failed"} />
        <span>
          Round {iteration}: {passed ? "passed" : "failed"}
        </span>
        <span className="text-faint">
          <Ago at={at} />
        </span>
        {outputSha256 && (
          <span title={`SHA-256 of the output: ${outputSha256}`} className="ml-auto font-mono text-tiny text-faint">
            sha256 {outputSha256.slice(0, 12)}
          </span>
        )}
      </p>
      <Output text={evidence || "No output."} label={`Evidence for ${id} in round ${iteration}`} />
    </div>
  );
}

import { useState, type FormEvent } from "react";
import { AgentName } from "../../../contract/agents.ts";
import type { Budget, BudgetName } from "../../../contract/spend.ts";
import { ErrorCard } from "../../errors/error-card.tsx";
import { useCall } from "../../errors/use-call.ts";
import { AGENT_LABELS } from "../../team/situation.ts";
import { dollars } from "../../team/spend.ts";
import { Button } from "../../ui/button.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";

interface BudgetsProps {
  readonly budgets: readonly Budget[];
  /** Null removes the budget. */
  readonly onSet: (name: BudgetName, usd: number | null) => Promise<unknown>;
}

const NAMES: readonly BudgetName[] = ["team", "task", ...AgentName.options];

/** What may be spent; at the limit the work rests by itself and goes on by itself. */
export function Budgets({ budgets, onSet }: BudgetsProps) {
  return (
    <ul className="card divide-y divide-line overflow-hidden">
      {NAMES.map((name) => (
        <li key={name}>
          <BudgetRow name={name} budget={budgets.find((each) => each.name === name) ?? null} onSet={onSet} />
        </li>
      ))}
    </ul>
  );
}

interface BudgetRowProps extends Pick<BudgetsProps, "onSet"> {
  readonly name: BudgetName;
  readonly budget: Budget | null;
}

function BudgetRow({ name, budget, onSet }: BudgetRowProps) {
  const [text, setText] = useState<string | null>(null);
  const { busy, error, run } = useCall();
  const shown = text ?? (budget ? String(budget.usd) : "");
  const amount = Number(shown.replace(",", "."));
  const isValid = shown.trim() !== "" && Number.isFinite(amount) && amount >= 0;
  const isChanged = text !== null && amount !== budget?.usd;
  async function set(usd: number | null): Promise<void> {
    if (await run(() => onSet(name, usd))) setText(null);
  }
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (isValid) void set(amount);
  }
  return (
    <form onSubmit={submit} className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-3 py-2">
      <Used name={name} budget={budget} />
      <span className="flex items-center gap-1">
        <span aria-hidden className="text-dim">
          $
        </span>
        <input
          aria-label={`Budget of ${budgetLabel(name)} in dollars`}
          inputMode="decimal"
          placeholder="none"
          value={shown}
          onChange={(event) => setText(event.target.value)}
          aria-invalid={isChanged && !isValid}
          className="moves h-7 w-20 rounded-control border border-line2 bg-bg px-2 text-right tabular-nums placeholder:text-faint focus-visible:border-accent aria-invalid:border-bad"
        />
        <Button type="submit" size="small" busy={busy} disabled={!isChanged || !isValid}>
          Set
        </Button>
        <Button size="small" look="quiet" disabled={!budget || busy} onClick={() => void set(null)}>
          Remove
        </Button>
      </span>
      {error && (
        <div className="w-full">
          <ErrorCard error={error} />
        </div>
      )}
    </form>
  );
}

function Used({ name, budget }: Pick<BudgetRowProps, "name" | "budget">) {
  return (
    <>
      <span className="w-36 shrink-0">
        <span className="font-strong">{budgetLabel(name)}</span>{" "}
        <span className="text-small text-faint">{name === "task" ? "in all" : "a day"}</span>
      </span>
      <span className="flex min-w-32 flex-1 items-center gap-2 text-small text-dim">
        <UsedPart budget={budget} />
      </span>
    </>
  );
}

function UsedPart({ budget }: Pick<BudgetRowProps, "budget">) {
  if (!budget) return <span className="text-faint">No limit</span>;
  if (budget.spent === null) return <span>{dollars(budget.usd)} for each task with all it gives away</span>;
  const isSpent = budget.spent >= budget.usd;
  return (
    <>
      <ProgressBar label="Spent today" done={budget.usd === 0 ? 1 : budget.spent / budget.usd} />
      <span className={`whitespace-nowrap tabular-nums ${isSpent ? "text-wait" : ""}`}>
        {dollars(budget.spent)} of {dollars(budget.usd)}
        {isSpent && " · spent"}
      </span>
    </>
  );
}

function budgetLabel(name: BudgetName): string {
  if (name === "team") return "Whole team";
  return name === "task" ? "One task" : AGENT_LABELS[name];
}

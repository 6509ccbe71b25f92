import { AGENT_LABELS } from "../../team/situation.ts";
import { dollars } from "../../team/spend.ts";
import { Tip } from "../../ui/tip.tsx";
import { type DayBar, dayWords, roundCeiling } from "./sums.ts";

/** What each day cost, one bar each; who spent it stands in the bar's tip. */
export function DayChart({ bars }: { readonly bars: readonly DayBar[] }) {
  const most = Math.max(...bars.map(({ usd }) => usd));
  const ceiling = roundCeiling(most);
  return (
    <figure className="flex flex-col gap-1.5" aria-label="Spend by day">
      <div className="relative h-44 border-b border-line2">
        {most > 0 ? (
          <Grid ceiling={ceiling} />
        ) : (
          <p className="absolute inset-0 grid place-items-center text-small text-faint">
            Nothing was spent in these days.
          </p>
        )}
        <ol className="absolute inset-y-0 right-0 left-12 flex items-end gap-[2px]">
          {bars.map((bar) => (
            <Bar key={bar.day} bar={bar} share={bar.usd / ceiling} />
          ))}
        </ol>
      </div>
      <figcaption className="flex justify-between pl-12 text-tiny text-faint tabular-nums">
        <span>{dayWords(bars[0]?.day ?? "")}</span>
        <span>{dayWords(bars.at(-1)?.day ?? "")}</span>
      </figcaption>
    </figure>
  );
}

function Grid({ ceiling }: { readonly ceiling: number }) {
  return (
    <div aria-hidden className="absolute inset-0 text-tiny text-faint tabular-nums">
      {[ceiling, ceiling / 2].map((usd, index) => (
        <div key={usd} className="absolute inset-x-0 border-t border-line" style={{ top: `${index * 50}%` }}>
          <span className="absolute top-0.5 left-0">{dollars(usd)}</span>
        </div>
      ))}
    </div>
  );
}

function Bar({ bar, share }: { readonly bar: DayBar; readonly share: number }) {
  const words = barWords(bar);
  return (
    <li className="h-full min-w-0 flex-1">
      <Tip text={words}>
        <button
          type="button"
          aria-label={words}
          className="group flex h-full w-full items-end rounded-t-[2px] hover:bg-raised"
        >
          <span
            aria-hidden
            className={`w-full rounded-t-[2px] ${bar.usd > 0 ? "min-h-0.5 bg-accent" : ""}`}
            style={{ height: `${share * 100}%` }}
          />
        </button>
      </Tip>
    </li>
  );
}

function barWords({ day, usd, agents }: DayBar): string {
  const who = agents.filter((each) => each.usd > 0).map((each) => `${AGENT_LABELS[each.agent]} ${dollars(each.usd)}`);
  return [`${dayWords(day)}: ${dollars(usd)}`, ...who].join(" · ");
}

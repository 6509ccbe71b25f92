import { Coins } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import type { ServerView } from "../../../contract/servers.ts";
import type { SpendSummary } from "../../../contract/spend.ts";
import { NotConnected } from "../../app/no-team-yet.tsx";
import { TeamPage } from "../../app/team-page.tsx";
import { ErrorCard } from "../../errors/error-card.tsx";
import { useCall } from "../../errors/use-call.ts";
import { loadSpend, retryResting, setBudget } from "../../team/actions.ts";
import { dollars } from "../../team/spend.ts";
import { useTeam } from "../../team/store.ts";
import { useLoadWhenLive } from "../../team/use-load-when-live.ts";
import { Button } from "../../ui/button.tsx";
import { Segments } from "../../ui/choice.tsx";
import { Empty } from "../../ui/empty.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Section } from "../../ui/section.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { AgentBars } from "./agent-bars.tsx";
import { Budgets } from "./budgets.tsx";
import { DayChart } from "./day-chart.tsx";
import { DearTasks } from "./dear-tasks.tsx";
import { byAgent, dayBars, totals } from "./sums.ts";

const RANGES = [7, 30, 90] as const;
type Range = `${(typeof RANGES)[number]}`;

export function SpendPage() {
  return <TeamPage unread={false}>{(view) => <Whole key={view.server.id} view={view} />}</TeamPage>;
}

function Whole({ view }: { readonly view: ServerView }) {
  const serverId = view.server.id;
  const [range, setRange] = useState<Range>("30");
  const [summary, setSummary] = useState<SpendSummary | null>(null);
  const { error, run } = useCall();
  const todayUsd = useTeam((team) => team.spend?.todayUsd ?? 0);
  const load = () => run(async () => setSummary(await loadSpend(serverId, Number(range))));
  // Each request of the team changes today's sum, and with it what is to be read.
  const live = useLoadWhenLive(load, `${serverId} ${range} ${todayUsd}`);
  if (!summary && !live) return <NotConnected view={view} />;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto max-w-[1120px]">
        <PageHeader title="Spend" about="What the team's model costs, and what it may cost.">
          <Segments label="Days" value={range} options={RANGES.map(rangeOption)} onChange={setRange} />
        </PageHeader>
        <div className="flex flex-col gap-6 px-6 pb-10 max-phone:px-4">
          {error && <ErrorCard error={error} actions={{ retry: () => void load() }} />}
          {!summary && !error && <Skeleton label="Reading what was spent" lines={6} />}
          <Resting serverId={serverId} />
          {summary && <Sums summary={summary} days={Number(range)} />}
          {summary && (
            <Section title="Budgets">
              <Budgets
                budgets={summary.budgets}
                onSet={async (name, usd) => {
                  const budgets = await setBudget(serverId, name, usd);
                  setSummary((known) => known && { ...known, budgets });
                }}
              />
            </Section>
          )}
          {summary && <Small summary={summary} />}
        </div>
      </div>
    </div>
  );
}

function rangeOption(days: (typeof RANGES)[number]): { value: Range; label: string } {
  return { value: `${days}`, label: `${days} days` };
}

/** What waits for money or for the provider, and the way to try again. */
function Resting({ serverId }: { readonly serverId: string }) {
  const resting = useTeam((team) => Object.values(team.tasks).filter((task) => task.rest).length);
  const { busy, error, run } = useCall();
  if (resting === 0) return null;
  async function retry(): Promise<void> {
    if (await run(() => retryResting(serverId))) toast.success("The tasks that rest try again");
  }
  return (
    <section aria-label="Resting tasks" className="card flex flex-wrap items-center gap-3 bg-wait-soft px-4 py-2.5">
      <p className="min-w-0 flex-1">
        <span className="font-strong">
          {resting === 1 ? "One task rests" : `${resting} tasks rest`} for a budget or the provider's limit.
        </span>{" "}
        <span className="text-dim">
          {resting === 1 ? "It goes on by itself" : "They go on by themselves"} when there is room again.
        </span>
      </p>
      <Button size="small" busy={busy} onClick={() => void retry()}>
        Try again now
      </Button>
      {error && <ErrorCard error={error} />}
    </section>
  );
}

function Sums({ summary, days }: { readonly summary: SpendSummary; readonly days: number }) {
  const all = totals(summary.days);
  if (all.requests === 0) {
    return (
      <Empty
        icon={Coins}
        title="Nothing asked yet"
        about="Each request to the model is counted here, by day, agent and task."
      />
    );
  }
  return (
    <>
      <dl className="grid grid-cols-4 gap-3 max-sheet:grid-cols-2">
        <Figure name="Today" value={dollars(summary.todayUsd)} />
        <Figure name={`Last ${days} days`} value={dollars(all.usd)} />
        <Figure name="Requests" value={all.requests.toLocaleString("en-US")} />
        <Figure
          name="Read from the cache"
          value={all.cachedShare === null ? "–" : `${Math.round(all.cachedShare * 100)} %`}
        />
      </dl>
      <div className="grid grid-cols-[minmax(0,3fr)_minmax(0,2fr)] gap-x-8 gap-y-6 max-wide:grid-cols-1">
        <Section title="By day">
          <DayChart bars={dayBars(summary, days)} />
        </Section>
        <Section title="By agent">
          <AgentBars sums={byAgent(summary)} />
        </Section>
      </div>
      <Section title="By task">
        <DearTasks tasks={summary.tasks} />
      </Section>
    </>
  );
}

function Figure({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div className="card flex flex-col px-4 py-3">
      <dt className="text-small text-dim">{name}</dt>
      <dd className="text-title leading-7 font-heavy tabular-nums">{value}</dd>
    </div>
  );
}

/** What the numbers do not say by themselves. */
function Small({ summary }: { readonly summary: SpendSummary }) {
  const { unpriced, simulated, requests } = totals(summary.days);
  const notes = [
    simulated > 0 &&
      `${simulated === requests ? "All" : simulated} requests went to the simulated model, which costs nothing.`,
    unpriced > 0 && `${unpriced} requests of a model whose price is not known are missing in the sums.`,
    `${summary.prices}. Your invoice may differ: discounts and taxes are not counted. A day is one of the machine the team runs on.`,
  ];
  return <p className="max-w-[760px] text-small text-faint">{notes.filter(Boolean).join(" ")}</p>;
}

import type { AgentName } from "../../contract/agents.ts";
import type { DaemonEvent } from "../../contract/events.ts";
import type { SpendSummary } from "../../contract/spend.ts";

/** What the team has spent, in USD, as far as the page has been told. */
export interface SpendNow {
  readonly day: string;
  readonly todayUsd: number;
  /** Today. */
  readonly byAgent: Partial<Readonly<Record<AgentName, number>>>;
  readonly byTask: Readonly<Record<string, number>>;
}

type SpendChanged = Extract<DaemonEvent, { type: "spend_changed" }>;

export function foldSpend(spend: SpendNow | null, event: SpendChanged): SpendNow {
  const today = spend?.day === event.day ? spend.byAgent : {};
  return {
    day: event.day,
    todayUsd: event.todayUsd,
    byAgent: { ...today, [event.agent]: event.agentTodayUsd },
    byTask: { ...spend?.byTask, [event.taskId]: event.taskUsd },
  };
}

/** A summary is complete for today; tasks it does not name keep what is known of them. */
export function fromSummary(spend: SpendNow | null, summary: SpendSummary): SpendNow {
  const today = summary.days.filter(({ day }) => day === summary.today);
  return {
    day: summary.today,
    todayUsd: summary.todayUsd,
    byAgent: Object.fromEntries(today.map(({ agent, usd }) => [agent, usd])),
    byTask: { ...spend?.byTask, ...Object.fromEntries(summary.tasks.map(({ taskId, usd }) => [taskId, usd])) },
  };
}

/** "$0.00", "$0.04", "under $0.01", "$12.40". */
export function dollars(usd: number): string {
  if (usd > 0 && usd < 0.01) return "under $0.01";
  return `$${usd.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

import type { AgentName } from "../../../contract/agents.ts";
import { TokenCounts } from "../../../contract/model-prices.ts";
import type { DaySpend, SpendSummary } from "../../../contract/spend.ts";

export interface DayBar {
  readonly day: string;
  readonly usd: number;
  /** The dearest first. */
  readonly agents: readonly { readonly agent: AgentName; readonly usd: number }[];
}

/** One bar for each of the last days, also for those without any request. */
export function dayBars({ today, days }: Pick<SpendSummary, "today" | "days">, count: number): readonly DayBar[] {
  return lastDays(today, count).map((day) => {
    const agents = days.filter((each) => each.day === day).map(({ agent, usd }) => ({ agent, usd }));
    return { day, usd: sum(agents), agents: agents.toSorted((a, b) => b.usd - a.usd) };
  });
}

function lastDays(today: string, count: number): readonly string[] {
  const end = Date.parse(`${today}T00:00:00Z`);
  return Array.from({ length: count }, (_, index) =>
    new Date(end - (count - 1 - index) * 86_400_000).toISOString().slice(0, 10),
  );
}

export interface Totals {
  readonly usd: number;
  readonly requests: number;
  readonly unpriced: number;
  readonly simulated: number;
  /** Of all tokens read, the share that came from the cache; null when none was read. */
  readonly cachedShare: number | null;
}

export function totals(days: readonly DaySpend[]): Totals {
  const add = (pick: (day: DaySpend) => number): number => days.reduce((total, day) => total + pick(day), 0);
  const cached = add(({ tokens }) => tokens.cacheRead);
  const read = cached + add(({ tokens }) => tokens.input + tokens.cacheWrite5m + tokens.cacheWrite1h);
  return {
    usd: sum(days),
    requests: add(({ requests }) => requests),
    unpriced: add(({ unpriced }) => unpriced),
    simulated: add(({ simulated }) => simulated),
    cachedShare: read === 0 ? null : cached / read,
  };
}

export interface AgentSum {
  readonly agent: AgentName;
  readonly usd: number;
  readonly today: number;
  readonly requests: number;
}

/** Every agent that made a request, the dearest first. */
export function byAgent({ today, days }: Pick<SpendSummary, "today" | "days">): readonly AgentSum[] {
  const groups = Map.groupBy(days, ({ agent }) => agent);
  return [...groups]
    .map(([agent, own]) => ({
      agent,
      usd: sum(own),
      today: sum(own.filter(({ day }) => day === today)),
      requests: own.reduce((total, { requests }) => total + requests, 0),
    }))
    .toSorted((a, b) => b.usd - a.usd);
}

export function tokenCount(tokens: TokenCounts): number {
  return Object.keys(TokenCounts.shape).reduce((total, kind) => total + tokens[kind as keyof TokenCounts], 0);
}

function sum(parts: readonly { readonly usd: number }[]): number {
  return parts.reduce((total, { usd }) => total + usd, 0);
}

/** "23 Nov", of a day such as `2026-11-23`. */
export function dayWords(day: string): string {
  return new Date(`${day}T12:00:00`).toLocaleDateString(undefined, { day: "numeric", month: "short" });
}

/** The next round amount, against which bars are read: 0.1, 0.2, 0.5, 1, 2, 5, 10 … */
export function roundCeiling(usd: number): number {
  if (usd <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(usd));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= usd) ?? 10;
  return Math.max(step * power, 0.01);
}

import { expect, test } from "vitest";
import type { AgentName } from "../../contract/agents.ts";
import type { DaySpend } from "../../contract/spend.ts";
import { byAgent, dayBars, roundCeiling, totals } from "../../src-renderer/pages/spend/sums.ts";
import { dollars, foldSpend, fromSummary } from "../../src-renderer/team/spend.ts";

const TOKENS = { input: 10, output: 5, cacheWrite5m: 20, cacheWrite1h: 0, cacheRead: 70 };
const spent = (day: string, agent: AgentName, usd: number): DaySpend => ({
  day,
  agent,
  usd,
  requests: 2,
  unpriced: 0,
  simulated: 0,
  tokens: TOKENS,
});
const DAYS = [spent("2026-02-28", "code", 1), spent("2026-03-02", "code", 2), spent("2026-03-02", "qa", 3)];
const SUMMARY = { today: "2026-03-02", todayUsd: 5, days: DAYS, tasks: [], budgets: [], prices: "" };

test("every day has its bar, also one without a request, over the end of a month", () => {
  expect(dayBars(SUMMARY, 4)).toEqual([
    { day: "2026-02-27", usd: 0, agents: [] },
    { day: "2026-02-28", usd: 1, agents: [{ agent: "code", usd: 1 }] },
    { day: "2026-03-01", usd: 0, agents: [] },
    {
      day: "2026-03-02",
      usd: 5,
      agents: [
        { agent: "qa", usd: 3 },
        { agent: "code", usd: 2 },
      ],
    },
  ]);
});

test("sums up agents and everything, with the share that was read from the cache", () => {
  expect(byAgent(SUMMARY)).toEqual([
    { agent: "code", usd: 3, today: 2, requests: 4 },
    { agent: "qa", usd: 3, today: 3, requests: 2 },
  ]);
  expect(totals(DAYS)).toEqual({ usd: 6, requests: 6, unpriced: 0, simulated: 0, cachedShare: 0.7 });
  expect(totals([]).cachedShare).toBeNull();
});

test("the chart ends at the next round amount", () => {
  expect([0, 0.004, 0.03, 0.99, 1, 4.2, 9.9, 120].map(roundCeiling)).toEqual([1, 0.01, 0.05, 1, 1, 5, 10, 200]);
});

test("follows the live sums, and begins anew when the day turns", () => {
  const event = { type: "spend_changed", agent: "code", taskId: "t1", taskUsd: 0.4 } as const;
  const before = fromSummary(null, SUMMARY);
  expect(before).toMatchObject({ todayUsd: 5, byAgent: { code: 2, qa: 3 } });
  const after = foldSpend(before, { ...event, day: "2026-03-02", todayUsd: 5.4, agentTodayUsd: 2.4 });
  expect(after).toEqual({ day: "2026-03-02", todayUsd: 5.4, byAgent: { code: 2.4, qa: 3 }, byTask: { t1: 0.4 } });
  const tomorrow = foldSpend(after, { ...event, day: "2026-03-03", todayUsd: 0.1, agentTodayUsd: 0.1 });
  expect(tomorrow).toMatchObject({ byAgent: { code: 0.1 }, byTask: { t1: 0.4 } });
});

test("money has its unit and never looks like nothing when it is something", () => {
  expect([0, 0.004, 0.014, 12.4, 1234.5].map(dollars)).toEqual([
    "$0.00",
    "under $0.01",
    "$0.01",
    "$12.40",
    "$1,234.50",
  ]);
});

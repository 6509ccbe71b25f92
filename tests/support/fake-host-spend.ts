import type { AgentName } from "../../contract/agents.ts";
import type { DaySpend, SpendSummary, TaskSpend } from "../../contract/spend.ts";
import { ago, message, STATUS, task, WORKING } from "./fake-host-scenes.ts";
import type { Scene } from "./fake-host-world.ts";

const TODAY = "2026-11-23";
const SHARES: readonly (readonly [AgentName, number])[] = [
  ["supervisor", 0.3],
  ["code", 0.45],
  ["infra", 0.15],
  ["qa", 0.1],
];

function dayBefore(days: number): string {
  return new Date(Date.parse(`${TODAY}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
}

function sumOf(usd: number): Omit<DaySpend, "day" | "agent"> {
  const tokens = { input: 40_000, output: 20_000, cacheWrite5m: 60_000, cacheWrite1h: 0, cacheRead: 900_000 };
  return { usd, requests: 12, unpriced: 0, simulated: 0, tokens };
}

/** Two and a half weeks of work, with a quiet weekend in each. */
const days: readonly DaySpend[] = Array.from({ length: 18 }, (_, index) => 17 - index)
  .filter((back) => back % 7 > 1 || back === 0)
  .flatMap((back) =>
    SHARES.map(([agent, share]) => ({
      day: dayBefore(back),
      agent,
      ...sumOf(share * (back === 0 ? 1.24 : 2 + ((back * 37) % 11) / 2)),
    })),
  );

const costs: readonly TaskSpend[] = [
  { taskId: "t2", agent: "code", request: "Add GET /healthz with a test", ...sumOf(0.56) },
  { taskId: "t1", agent: "supervisor", request: "Put the status page on status.example.com", ...sumOf(0.37) },
  { taskId: "t3", agent: "infra", request: "Add the domain status.example.com", ...sumOf(0.004) },
];

const summary: SpendSummary = {
  today: TODAY,
  todayUsd: 1.24,
  days: [...days],
  tasks: [...costs],
  budgets: [
    { name: "team", usd: 10, spent: 1.24 },
    { name: "code", usd: 0.5, spent: 0.558 },
  ],
  prices: "List prices of platform.claude.com/docs/en/about-claude/pricing, October 2026",
};

/** A team on a paid model: one task rests because its agent has spent its budget, and the supervisor has thought. */
export const SPENDING: Scene = {
  ...WORKING,
  status: { ...STATUS, model: "anthropic" },
  messages: [
    ...(WORKING.messages ?? []),
    message("thought-1", {
      role: "thought",
      text: "The certificate needs port 80, which the firewall closes. **Infra** should open it first.",
      ms: 12_400,
      simulated: false,
      at: ago(100_000),
    }),
    message("m3", { text: "Infra opens port 80 first.", simulated: false, at: ago(99_000) }),
  ],
  tasks: [
    ...(WORKING.tasks ?? []).filter(({ id }) => id !== "t2"),
    task("t2", {
      parentId: "t1",
      agent: "code",
      request: "Add GET /healthz with a test",
      state: "waiting",
      simulated: false,
      createdAt: ago(134_000),
      startedAt: ago(134_000),
      rest: {
        reason: { code: "model.budget_spent", message: "The budget of code for today, $0.50, is spent: $0.56 so far" },
        until: "2026-11-24T00:00:00.000Z",
      },
    }),
  ],
  spend: summary,
};

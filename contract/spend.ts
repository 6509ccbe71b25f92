import { z } from "zod";
import { AgentName } from "./agents.ts";
import { api } from "./api-base.ts";
import { TokenCounts } from "./model-prices.ts";

/** `team`: all agents, each day. `task`: each task with all it gave away. An agent: what it uses each day. */
export const BudgetName = z.enum(["team", "task", ...AgentName.options]);
export type BudgetName = z.infer<typeof BudgetName>;

export const Budget = z.object({
  name: BudgetName,
  usd: z.number().min(0).max(1_000_000),
  /** Today, in USD; null for `task`, which is counted for each task on its own. */
  spent: z.number().nullable(),
});
export type Budget = z.infer<typeof Budget>;

/** A day of the machine the team runs on, such as `2026-11-03`. */
export const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

const Sum = z.object({
  usd: z.number(),
  requests: z.number().int(),
  /** Requests of models whose price is not known: they are missing in `usd`. */
  unpriced: z.number().int(),
  /** Requests answered by the simulated model, which costs nothing. */
  simulated: z.number().int(),
  tokens: TokenCounts,
});

export const DaySpend = Sum.extend({ day: Day, agent: AgentName });
export type DaySpend = z.infer<typeof DaySpend>;

export const TaskSpend = Sum.extend({
  taskId: z.string(),
  agent: AgentName,
  /** The beginning of what was asked. */
  request: z.string(),
});
export type TaskSpend = z.infer<typeof TaskSpend>;

export const SpendSummary = z.object({
  today: Day,
  todayUsd: z.number(),
  /** One for each day and agent with requests, oldest first. */
  days: z.array(DaySpend),
  /** The tasks with requests in these days, the latest first, at most 500; each whole, without what it gave away. */
  tasks: z.array(TaskSpend),
  budgets: z.array(Budget),
  /** Where the prices come from. */
  prices: z.string(),
});
export type SpendSummary = z.infer<typeof SpendSummary>;

export const spend = {
  /** Of the last days, today included. */
  summary: api.input(z.object({ days: z.number().int().min(1).max(366).default(30) })).output(SpendSummary),
  budgets: {
    get: api.output(z.array(Budget)),
    /** Null removes the budget. What waited for it goes on by itself when there is room. */
    set: api.input(z.object({ name: BudgetName, usd: Budget.shape.usd.nullable() })).output(z.array(Budget)),
  },
  /** Lets every task that waits for a budget or for the provider's limit try again now. Returns how many there are. */
  retry: api.output(z.object({ tasks: z.number().int() })),
};

import { sql } from "kysely";
import type { AgentName } from "../../contract/agents.ts";
import { AppError } from "../../contract/errors.ts";
import type { BudgetName } from "../../contract/spend.ts";
import type { Rest } from "../../contract/tasks.ts";
import type { Tx } from "../store/open-store.ts";
import { dayOf, nextDay } from "./day.ts";

/** Whose money a request would spend. */
export interface Spender {
  readonly agent: AgentName;
  /** The task at the top of the tree. */
  readonly rootId: string;
}

export interface BudgetRow {
  readonly name: BudgetName;
  readonly usd: number;
}

type Db = Pick<Tx, "selectFrom">;

/** The budgets that count for this agent. */
export async function budgetsFor(db: Db, agent: AgentName): Promise<BudgetRow[]> {
  return await db.selectFrom("budgets").selectAll().where("name", "in", ["task", agent, "team"]).execute();
}

/** Why the next request has to wait, when one of the budgets is spent; null when there is room in all of them. */
export async function restForBudgets(
  db: Db,
  { agent, rootId, budgets }: Spender & { readonly budgets: readonly BudgetRow[] },
  now: Date,
): Promise<Rest | null> {
  if (budgets.length === 0) return null;
  const spent = await readSpent(db, { agent, rootId }, dayOf(now));
  const used = budgets.filter(({ name, usd }) => spentOf(name, spent) >= usd);
  const [first] = used;
  if (!first) return null;
  const isUntilRaised = used.some(({ name }) => name === "task");
  return {
    reason: spentError(first, spentOf(first.name, spent)).toWire(),
    until: isUntilRaised ? null : midnight(now),
  };
}

interface Spent {
  readonly agent: number;
  readonly team: number;
  readonly task: number;
}

async function readSpent(db: Db, { agent, rootId }: Spender, day: string): Promise<Spent> {
  return await db
    .selectFrom("model_uses")
    .select([
      sql<number>`coalesce(sum(usd) filter (where day = ${day} and agent = ${agent}), 0)`.as("agent"),
      sql<number>`coalesce(sum(usd) filter (where day = ${day}), 0)`.as("team"),
      sql<number>`coalesce(sum(usd) filter (where root_id = ${rootId}), 0)`.as("task"),
    ])
    .where((column) => column.or([column("day", "=", day), column("root_id", "=", rootId)]))
    .executeTakeFirstOrThrow();
}

function spentOf(name: BudgetName, spent: Spent): number {
  if (name === "team" || name === "task") return spent[name];
  return spent.agent;
}

function spentError({ name, usd }: BudgetRow, spent: number): AppError {
  const whose = WHOSE[name] ?? `of ${name} for today`;
  const message = `The budget ${whose}, ${dollars(usd)}, is spent: ${dollars(spent)} so far`;
  const wait = name === "task" ? "" : " Otherwise it goes on at midnight.";
  return new AppError("model.budget_spent", message, {
    hint: `Raise the budget under Spend, and the work goes on by itself.${wait}`,
  });
}

const WHOSE: Partial<Record<BudgetName, string>> = { team: "of the team for today", task: "for one task" };

function midnight(now: Date): string {
  return nextDay(now).toISOString();
}

function dollars(usd: number): string {
  return `$${usd.toFixed(2)}`;
}

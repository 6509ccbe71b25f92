import { sql } from "kysely";
import type { ErrorCode, WireError } from "../../contract/errors.ts";
import type { Budget, BudgetName } from "../../contract/spend.ts";
import type { Emit, Store, Tx } from "../store/open-store.ts";
import { moveTask, restTask } from "../store/task-changes.ts";
import { budgetsFor, restForBudgets, type Spender } from "./check-budgets.ts";
import { dayOf } from "./day.ts";

export async function getBudgets(store: Store, now: Date): Promise<Budget[]> {
  return await store.read(async (db) => await readBudgets(db, now));
}

/** The budgets set, with what has been spent of each today. */
export async function readBudgets(db: Pick<Tx, "selectFrom">, now: Date): Promise<Budget[]> {
  const budgets = await db.selectFrom("budgets").selectAll().orderBy("name").execute();
  const spent = await db
    .selectFrom("model_uses")
    .select(["agent", sql<number>`coalesce(sum(usd), 0)`.as("usd")])
    .where("day", "=", dayOf(now))
    .groupBy("agent")
    .execute();
  const team = spent.reduce((sum, { usd }) => sum + usd, 0);
  const of = (name: BudgetName): number | null => {
    if (name === "task") return null;
    return name === "team" ? team : (spent.find(({ agent }) => agent === name)?.usd ?? 0);
  };
  return budgets.map(({ name, usd }) => ({ name, usd, spent: of(name) }));
}

export interface WantedBudget {
  readonly name: BudgetName;
  /** Null: none. */
  readonly usd: number | null;
}

/** Sets or removes a budget, and lets the tasks go on that have room again. */
export async function setBudget(store: Store, { name, usd }: WantedBudget, now: Date): Promise<Budget[]> {
  return await store.change(async (tx, emit, audit) => {
    if (usd === null) await tx.deleteFrom("budgets").where("name", "=", name).execute();
    else {
      await tx
        .insertInto("budgets")
        .values({ name, usd })
        .onConflict((conflict) => conflict.column("name").doUpdateSet({ usd }))
        .execute();
    }
    audit({ kind: "budget_changed", detail: { name, usd } });
    for (const task of await readResting(tx, BUDGET_REASONS)) await reconsider({ tx, emit }, task, now);
    return await readBudgets(tx, now);
  });
}

/** Makes a budget that is kept elsewhere count, unless it does already. */
export async function followBudget(store: Store, budget: WantedBudget, now: Date): Promise<void> {
  const row = await store.read(
    async (db) => await db.selectFrom("budgets").select("usd").where("name", "=", budget.name).executeTakeFirst(),
  );
  if ((row?.usd ?? null) !== budget.usd) await setBudget(store, budget, now);
}

/** Lets everything that rests try again now; returns how many tasks that are. */
export async function retryResting(store: Store): Promise<number> {
  return await store.change(async (tx, emit) => {
    const resting = await readResting(tx, [...BUDGET_REASONS, "model.usage_limited"]);
    for (const { id } of resting) await moveTask(tx, emit, { id, to: "queued" });
    return resting.length;
  });
}

const BUDGET_REASONS: readonly ErrorCode[] = ["model.budget_spent", "model.price_unknown"];

interface RestingTask extends Spender {
  readonly id: string;
  readonly reason: WireError | null;
}

async function readResting(tx: Tx, codes: readonly ErrorCode[]): Promise<RestingTask[]> {
  const resting = await tx
    .selectFrom("tasks")
    .select(["id", "agent", "root_id as rootId", "rest_reason as reason"])
    .where("rest_reason", "is not", null)
    .orderBy("number")
    .execute();
  return resting.filter(({ reason }) => reason !== null && codes.includes(reason.code));
}

/** The task goes on, or rests for what is true of the budgets now. */
async function reconsider({ tx, emit }: { tx: Tx; emit: Emit }, task: RestingTask, now: Date): Promise<void> {
  const budgets = await budgetsFor(tx, task.agent);
  const rest = await restForBudgets(tx, { ...task, budgets }, now);
  if (rest === null) await moveTask(tx, emit, { id: task.id, to: "queued" });
  else await restTask(tx, emit, { id: task.id, rest });
}

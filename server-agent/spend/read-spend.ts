import { sql } from "kysely";
import type { AgentName } from "../../contract/agents.ts";
import { PRICE_SOURCE } from "../../contract/model-prices.ts";
import type { DaySpend, SpendSummary, TaskSpend } from "../../contract/spend.ts";
import type { Store, Tx } from "../store/open-store.ts";
import { readBudgets } from "./budgets.ts";
import { dayOf, firstDay } from "./day.ts";

type Db = Pick<Tx, "selectFrom">;

const MAX_TASKS = 500;
const SHOWN_REQUEST = 200;

/** What was spent in the last days, today included, in one picture. */
export async function readSpend(store: Store, { days, now }: { days: number; now: Date }): Promise<SpendSummary> {
  const since = firstDay(now, days);
  const today = dayOf(now);
  return await store.snapshot(async (tx) => {
    const byDay = await readDays(tx, since);
    return {
      today,
      todayUsd: byDay.filter(({ day }) => day === today).reduce((sum, { usd }) => sum + usd, 0),
      days: byDay,
      tasks: await readTasks(tx, since),
      budgets: await readBudgets(tx, now),
      prices: PRICE_SOURCE,
    };
  });
}

export async function spentToday(store: Store): Promise<ReadonlyMap<AgentName, number>> {
  const rows = await store.read(
    async (db) =>
      await db
        .selectFrom("model_uses")
        .select(["agent", sql<number>`coalesce(sum(usd), 0)`.as("usd")])
        .where("day", "=", dayOf(new Date()))
        .groupBy("agent")
        .execute(),
  );
  return new Map(rows.map(({ agent, usd }) => [agent, usd]));
}

async function readDays(db: Db, since: string): Promise<DaySpend[]> {
  const rows = await db
    .selectFrom("model_uses")
    .select(["day", "agent", ...SUMS])
    .where("day", ">=", since)
    .groupBy(["day", "agent"])
    .orderBy("day")
    .orderBy("agent")
    .execute();
  return rows.map(({ day, agent, ...sums }) => ({ day, agent, ...toSum(sums) }));
}

async function readTasks(db: Db, since: string): Promise<TaskSpend[]> {
  const rows = await db
    .selectFrom("model_uses")
    .innerJoin("tasks", "tasks.id", "model_uses.task_id")
    .select(["tasks.id as taskId", "tasks.agent", ...SUMS])
    .select(sql<string>`left(tasks.request, ${SHOWN_REQUEST})`.as("request"))
    .where("tasks.id", "in", (inner) => inner.selectFrom("model_uses").select("task_id").where("day", ">=", since))
    .groupBy("tasks.id")
    .orderBy("tasks.number", "desc")
    .limit(MAX_TASKS)
    .execute();
  return rows.map(({ taskId, agent, request, ...sums }) => ({ taskId, agent, request, ...toSum(sums) }));
}

const SUMS = [
  sql<number>`coalesce(sum(model_uses.usd), 0)`.as("usd"),
  sql<number>`count(*)`.as("requests"),
  sql<number>`count(*) filter (where model_uses.usd is null)`.as("unpriced"),
  sql<number>`count(*) filter (where model_uses.simulated)`.as("simulated"),
  sql<number>`sum(input_tokens)`.as("input"),
  sql<number>`sum(output_tokens)`.as("output"),
  sql<number>`sum(cache_write_5m_tokens)`.as("cacheWrite5m"),
  sql<number>`sum(cache_write_1h_tokens)`.as("cacheWrite1h"),
  sql<number>`sum(cache_read_tokens)`.as("cacheRead"),
] as const;

interface SumRow extends Pick<DaySpend, "usd" | "requests" | "unpriced" | "simulated"> {
  readonly input: number;
  readonly output: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly cacheRead: number;
}

function toSum({ usd, requests, unpriced, simulated, ...tokens }: SumRow) {
  return { usd, requests, unpriced, simulated, tokens };
}

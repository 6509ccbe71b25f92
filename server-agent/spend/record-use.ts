import { sql } from "kysely";
import type { AgentName } from "../../contract/agents.ts";
import type { DaemonEvent } from "../../contract/events.ts";
import { costOf, type TokenCounts } from "../../contract/model-prices.ts";
import type { Store, Tx } from "../store/open-store.ts";

export type SpendChanged = Extract<DaemonEvent, { type: "spend_changed" }>;

/** A model request in the books. */
export interface Entry {
  readonly id: string;
  readonly day: string;
  readonly agent: AgentName;
  readonly taskId: string;
  readonly rootId: string;
  readonly turnId: string;
  readonly simulated: boolean;
}

export interface Use {
  readonly model: string;
  readonly status: number;
  readonly error: string | null;
  readonly tokens: TokenCounts;
  readonly ms: number;
  readonly firstTokenMs: number | null;
}

interface Books {
  readonly store: Store;
  readonly signal: AbortSignal;
}

/** Stores what a request used, as long as `signal` lives. May be told again; the news with the longest time counts. */
export async function recordUse({ store, signal }: Books, entry: Entry, use: Use): Promise<void> {
  await store.write(async (db) => await upsert(db, entry, use), signal);
}

/** The sums that an entry belongs to. */
export async function spentWith({ store, signal }: Books, entry: Entry): Promise<SpendChanged> {
  const sums = await store.read(async (db) => await readSums(db, entry), signal);
  return { type: "spend_changed", day: entry.day, agent: entry.agent, taskId: entry.taskId, ...sums };
}

async function upsert(db: Pick<Tx, "insertInto">, entry: Entry, { tokens, ...use }: Use): Promise<void> {
  const values = {
    model: use.model,
    status: use.status,
    error: use.error,
    input_tokens: tokens.input,
    output_tokens: tokens.output,
    cache_write_5m_tokens: tokens.cacheWrite5m,
    cache_write_1h_tokens: tokens.cacheWrite1h,
    cache_read_tokens: tokens.cacheRead,
    usd: entry.simulated ? 0 : costOf(use.model, tokens),
    ms: Math.round(use.ms),
    first_token_ms: use.firstTokenMs === null ? null : Math.round(use.firstTokenMs),
  };
  const { id, day, agent, simulated } = entry;
  const place = { task_id: entry.taskId, root_id: entry.rootId, turn_id: entry.turnId };
  await db
    .insertInto("model_uses")
    .values({ id, day, agent, simulated, ...place, ...values })
    .onConflict((conflict) =>
      conflict.column("id").doUpdateSet(values).whereRef("model_uses.ms", "<=", sql.ref("excluded.ms")),
    )
    .execute();
}

async function readSums(db: Pick<Tx, "selectFrom">, { agent, taskId, day }: Entry) {
  return await db
    .selectFrom("model_uses")
    .select([
      sql<number>`coalesce(sum(usd) filter (where day = ${day}), 0)`.as("todayUsd"),
      sql<number>`coalesce(sum(usd) filter (where day = ${day} and agent = ${agent}), 0)`.as("agentTodayUsd"),
      sql<number>`coalesce(sum(usd) filter (where task_id = ${taskId}), 0)`.as("taskUsd"),
    ])
    .where((column) => column.or([column("day", "=", day), column("task_id", "=", taskId)]))
    .executeTakeFirstOrThrow();
}

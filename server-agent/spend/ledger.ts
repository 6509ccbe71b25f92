import { randomUUID } from "node:crypto";
import type { AgentName } from "../../contract/agents.ts";
import { AppError } from "../../contract/errors.ts";
import { modelFacts } from "../../contract/model-prices.ts";
import type { Rest } from "../../contract/tasks.ts";
import type { Log } from "../platform/log.ts";
import { pause } from "../platform/wait.ts";
import type { Store, Tx } from "../store/open-store.ts";
import { type BudgetRow, budgetsFor, restForBudgets } from "./check-budgets.ts";
import { dayOf } from "./day.ts";
import { recordUse, spentWith, type Entry, type SpendChanged, type Use } from "./record-use.ts";

export interface LedgerParts {
  readonly store: Store;
  readonly log: Pick<Log, "warn">;
  readonly onSpent: (event: SpendChanged) => void;
  readonly now: () => Date;
  /** Uses are stored as long as this lives, however long PostgreSQL is away. */
  readonly lifetime: AbortSignal;
}

export interface Spending {
  readonly agent: AgentName;
  readonly turnId: string | null;
  readonly model: string;
  readonly simulated: boolean;
  readonly signal: AbortSignal;
}

type Place = Pick<Entry, "taskId" | "rootId" | "turnId">;

/** A request waits at most this long for the bookkeeping of those before it. */
const PATIENCE_MS = 5_000;

/** A request is in the books twice, and tasks come in crowds: sums are told once for all of them. */
const TELL_AFTER_MS = 200;

/** Keeps the books of model requests in PostgreSQL, and says when a budget is spent. */
export function createLedger(parts: LedgerParts) {
  const unwritten = new Set<Promise<void>>();
  const tellSums = createTeller(parts);
  return {
    async open(spending: Spending) {
      if (unwritten.size > 0) await withinPatience(Promise.all(unwritten));
      const { place, rest } = await parts.store.read(async (db) => {
        const [place, budgets] = await Promise.all([ownOpenTurn(db, spending), budgetsFor(db, spending.agent)]);
        return { place, rest: await restFor(db, { ...spending, ...place, budgets }, parts.now()) };
      }, spending.signal);
      const { agent, simulated } = spending;
      const entry = { id: randomUUID(), agent, simulated, ...place };
      return {
        rest,
        async record(use: Use): Promise<void> {
          const writing = record({ ...parts, tellSums }, entry, use).finally(() => unwritten.delete(writing));
          unwritten.add(writing);
          await withinPatience(writing);
        },
      };
    },
  };
}

async function withinPatience(work: Promise<unknown>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, PATIENCE_MS);
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

type RecordParts = Pick<LedgerParts, "store" | "lifetime" | "log" | "now"> & {
  readonly tellSums: (entry: Entry) => void;
};

async function record(parts: RecordParts, place: Omit<Entry, "day">, use: Use): Promise<void> {
  const entry = { ...place, day: dayOf(parts.now()) };
  try {
    await recordUse({ store: parts.store, signal: parts.lifetime }, entry, use);
    parts.tellSums(entry);
  } catch (error) {
    parts.log.warn("a model request could not be recorded", { turnId: entry.turnId, error });
  }
}

/** Nobody's answer waits for the news. */
function createTeller({ store, lifetime, log, onSpent }: LedgerParts): (entry: Entry) => void {
  const waiting = new Map<string, Entry>();
  const tellAll = async (): Promise<void> => {
    const entries = lifetime.aborted ? [] : [...waiting.values()];
    waiting.clear();
    for (const entry of entries) onSpent(await spentWith({ store, signal: lifetime }, entry));
  };
  return (entry) => {
    if (waiting.size === 0) {
      const told = pause(TELL_AFTER_MS, lifetime).then(tellAll);
      told.catch((error: unknown) => lifetime.aborted || log.warn("what was spent could not be told", { error }));
    }
    waiting.set(`${entry.taskId} ${entry.day}`, entry);
  };
}

async function restFor(
  db: Pick<Tx, "selectFrom">,
  request: Spending & Place & { readonly budgets: readonly BudgetRow[] },
  now: Date,
): Promise<Rest | null> {
  return (await restForBudgets(db, request, now)) ?? restForPrice(request, request.budgets);
}

/** A budget could not be kept with a model whose price is not known. */
function restForPrice({ model, simulated }: Spending, budgets: readonly BudgetRow[]): Rest | null {
  if (budgets.length === 0 || simulated || modelFacts(model) !== null) return null;
  const message = `The price of the model ${model} is not known, so no budget can hold`;
  const hint = "Remove the budgets under Spend, or choose a model of the price list.";
  return { reason: new AppError("model.price_unknown", message, { hint }).toWire(), until: null };
}

async function ownOpenTurn(db: Pick<Tx, "selectFrom">, { agent, turnId }: Spending): Promise<Place> {
  if (turnId === null) throw new AppError("app.bad_input", "The model request does not say for which turn it is");
  const row = await db
    .selectFrom("turns")
    .innerJoin("tasks", "tasks.id", "turns.task_id")
    .select(["tasks.id as taskId", "tasks.root_id as rootId", "turns.ended_at as endedAt"])
    .where("turns.id", "=", turnId)
    .where("turns.agent", "=", agent)
    .executeTakeFirst();
  if (!row) throw new AppError("app.not_found", `The agent ${agent} has no turn ${turnId}`);
  if (row.endedAt !== null) throw new AppError("task.cancelled", `The task ${row.taskId} has ended`);
  return { turnId, taskId: row.taskId, rootId: row.rootId };
}

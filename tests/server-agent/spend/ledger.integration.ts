import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { AgentName } from "../../../contract/agents.ts";
import type { TokenCounts } from "../../../contract/model-prices.ts";
import type { BudgetName } from "../../../contract/spend.ts";
import { retryResting, setBudget } from "../../../server-agent/spend/budgets.ts";
import { createLedger } from "../../../server-agent/spend/ledger.ts";
import { readSpend } from "../../../server-agent/spend/read-spend.ts";
import type { SpendChanged } from "../../../server-agent/spend/record-use.ts";
import { insertTask, restTask } from "../../../server-agent/store/task-changes.ts";
import { endRests } from "../../../server-agent/tasks/rest-alarm.ts";
import { createStore, type TestStore } from "../../support/test-store.ts";

const MODEL = "claude-sonnet-5-5";
/** Half a dollar. */
const TOKENS: TokenCounts = { input: 0, output: 50_000, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0 };
const USE = { model: MODEL, status: 200, error: null, tokens: TOKENS, ms: 10, firstTokenMs: 5 };
const life = new AbortController();
const alive = life.signal;

let database: TestStore;
let now: Date;
let told: SpendChanged[];

beforeAll(async () => {
  database = await createStore();
});
afterAll(async () => {
  life.abort();
  await database.remove();
});
beforeEach(async () => {
  now = new Date(2026, 10, 23, 15, 30);
  told = [];
  await database.store.change(async (tx) => {
    for (const table of ["model_uses", "budgets"] as const) await tx.deleteFrom(table).execute();
  });
});

const ledger = () =>
  createLedger({
    store: database.store,
    log: { warn: (message) => expect.fail(message) },
    onSpent: (event) => told.push(event),
    now: () => now,
    lifetime: alive,
  });

/** A task with its turn, both open. */
async function giveTask(
  agent: AgentName,
  parent?: { id: string; rootId: string },
): Promise<{ id: string; turnId: string }> {
  const id = randomUUID();
  await database.store.change(async (tx, emit) => {
    await tx
      .insertInto("conversations")
      .values({ id: "main" })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const draft = { id, conversationId: "main", agent, origin: "person", request: `work of ${agent}` } as const;
    await insertTask(tx, emit, { ...draft, ...(parent && { parent }) });
    await tx
      .insertInto("turns")
      .values({ id: `${id}.1`, task_id: id, agent, history: "[]" })
      .execute();
  });
  return { id, turnId: `${id}.1` };
}

const open = async (agent: AgentName, turnId: string | null, part: { model?: string; simulated?: boolean } = {}) =>
  await ledger().open({ agent, turnId, model: MODEL, simulated: false, signal: alive, ...part });

async function spendOnce(agent: AgentName, turnId: string): Promise<void> {
  await (await open(agent, turnId)).record(USE);
}

const budget = async (name: BudgetName, usd: number | null) => await setBudget(database.store, { name, usd }, now);

const reasonOf = async (agent: AgentName, turnId: string) => {
  const { rest } = await open(agent, turnId);
  return rest && { message: rest.reason.message, until: rest.until };
};

it("accounts only for an agent's own open turn", async () => {
  const { turnId } = await giveTask("code");
  await expect(open("code", null)).rejects.toMatchObject({ code: "app.bad_input" });
  await expect(open("data", turnId)).rejects.toMatchObject({ code: "app.not_found" });
  await database.store.change(async (tx) => {
    await tx.updateTable("turns").set({ ended_at: new Date() }).where("id", "=", turnId).execute();
  });
  await expect(open("code", turnId)).rejects.toMatchObject({ code: "task.cancelled" });
});

it("sums up by day, agent and task, and tells the sums after each request", async () => {
  const root = await giveTask("supervisor");
  const child = await giveTask("code", { id: root.id, rootId: root.id });
  await spendOnce("supervisor", root.turnId);
  now = new Date(2026, 10, 24, 0, 5);
  await spendOnce("code", child.turnId);
  await spendOnce("code", child.turnId);
  const summary = await readSpend(database.store, { days: 2, now });
  expect(summary).toMatchObject({
    today: "2026-11-24",
    todayUsd: 1,
    days: [
      { day: "2026-11-23", agent: "supervisor", usd: 0.5, requests: 1, unpriced: 0, simulated: 0 },
      { day: "2026-11-24", agent: "code", usd: 1, requests: 2, tokens: { ...TOKENS, output: 100_000 } },
    ],
    tasks: [
      { taskId: child.id, agent: "code", request: "work of code", usd: 1 },
      { taskId: root.id, agent: "supervisor", usd: 0.5 },
    ],
  });
  expect((await readSpend(database.store, { days: 1, now })).days).toHaveLength(1);
  const { id: taskId } = child;
  const sums = { day: "2026-11-24", todayUsd: 1, agentTodayUsd: 1, taskUsd: 1 };
  await expect.poll(() => told.at(-1)).toEqual({ type: "spend_changed", agent: "code", taskId, ...sums });
});

it("counts a request once, by its latest news, however late the earlier news come", async () => {
  const { turnId } = await giveTask("code");
  const account = await open("code", turnId);
  await account.record({ ...USE, ms: 900 });
  await account.record({ ...USE, ms: 100, tokens: { ...TOKENS, output: 1 } });
  const [day] = (await readSpend(database.store, { days: 1, now })).days;
  expect(day).toMatchObject({ requests: 1, usd: 0.5, tokens: { output: 50_000 } });
});

it("says of a model whose price is not known that it is unknown, and lets no budget depend on it", async () => {
  const { turnId } = await giveTask("code");
  await (await open("code", turnId, { model: "someone-elses-model" })).record({ ...USE, model: "someone-elses-model" });
  const [day] = (await readSpend(database.store, { days: 1, now })).days;
  expect(day).toMatchObject({ usd: 0, requests: 1, unpriced: 1 });
  await budget("code", 100);
  const { rest } = await open("code", turnId, { model: "someone-elses-model" });
  expect(rest).toMatchObject({ reason: { code: "model.price_unknown" }, until: null });
});

it("costs nothing to use the simulated model", async () => {
  const { turnId } = await giveTask("code");
  await (await open("code", turnId, { simulated: true })).record(USE);
  const [day] = (await readSpend(database.store, { days: 1, now })).days;
  expect(day).toMatchObject({ usd: 0, requests: 1, unpriced: 0, simulated: 1 });
});

it("lets an agent rest when its day's budget is spent, until the next day begins", async () => {
  const { turnId } = await giveTask("code");
  await budget("code", 1);
  await spendOnce("code", turnId);
  expect(await reasonOf("code", turnId)).toBeNull();
  await spendOnce("code", turnId);
  expect(await reasonOf("code", turnId)).toEqual({
    message: "The budget of code for today, $1.00, is spent: $1.00 so far",
    until: new Date(2026, 10, 24).toISOString(),
  });
  const other = await giveTask("data");
  expect(await reasonOf("data", other.turnId)).toBeNull();
  now = new Date(2026, 10, 23, 23, 59, 59);
  expect(await reasonOf("code", turnId)).not.toBeNull();
  now = new Date(2026, 10, 24);
  expect(await reasonOf("code", turnId)).toBeNull();
});

it("lets everyone rest when the team's budget is spent", async () => {
  const { turnId } = await giveTask("code");
  await spendOnce("code", turnId);
  await budget("team", 0.5);
  const other = await giveTask("data");
  expect((await reasonOf("data", other.turnId))?.message).toContain("The budget of the team for today, $0.50");
});

it("counts a task with all it gave away, over the days, and rests until a person raises the budget", async () => {
  const root = await giveTask("supervisor");
  const child = await giveTask("code", { id: root.id, rootId: root.id });
  await budget("task", 1);
  await spendOnce("supervisor", root.turnId);
  now = new Date(2026, 10, 24);
  await spendOnce("code", child.turnId);
  expect(await reasonOf("code", child.turnId)).toMatchObject({ until: null });
  const other = await giveTask("code");
  expect(await reasonOf("code", other.turnId)).toBeNull();
});

it("lets the tasks go on that have room after a budget was raised, and no others", async () => {
  const [first, second] = [await giveTask("code"), await giveTask("data")];
  await budget("code", 0.5);
  await budget("data", 0.5);
  for (const [agent, { id, turnId }] of [["code", first] as const, ["data", second] as const]) {
    await spendOnce(agent, turnId);
    const { rest } = await open(agent, turnId);
    if (!rest) return expect.fail("the budget is spent");
    await database.store.change(async (tx, emit) => await restTask(tx, emit, { id, rest }));
  }
  const states = async () =>
    (await database.store.read(async (db) => await db.selectFrom("tasks").select(["id", "state"]).execute()))
      .filter(({ id }) => id === first.id || id === second.id)
      .map(({ id, state }) => `${id === first.id ? "first" : "second"} ${state}`)
      .toSorted();
  expect(await states()).toEqual(["first waiting", "second waiting"]);
  await budget("code", 5);
  expect(await states()).toEqual(["first queued", "second waiting"]);
  expect(await retryResting(database.store)).toBe(1);
  expect(await states()).toEqual(["first queued", "second queued"]);
});

it("wakes a task at the time its rest is over, and not before", async () => {
  const { id, turnId } = await giveTask("code");
  await budget("code", 0.5);
  await spendOnce("code", turnId);
  const { rest } = await open("code", turnId);
  if (!rest) return expect.fail("the budget is spent");
  await database.store.change(async (tx, emit) => await restTask(tx, emit, { id, rest }));
  const midnight = new Date(2026, 10, 24).getTime();
  const stateOf = async (at: number) => {
    const nextMs = await endRests(database.store, new Date(at));
    const task = await database.store.read(
      async (db) => await db.selectFrom("tasks").selectAll().where("id", "=", id).executeTakeFirstOrThrow(),
    );
    return { nextMs, state: task.state, reason: task.rest_reason };
  };
  expect(await stateOf(midnight - 1)).toMatchObject({ nextMs: 1, state: "waiting" });
  expect(await stateOf(midnight)).toEqual({ nextMs: null, state: "queued", reason: null });
});

it("shows each budget with what was spent of it today, and forgets one that is removed", async () => {
  const { turnId } = await giveTask("code");
  await spendOnce("code", turnId);
  await budget("task", 3);
  await budget("team", 2);
  expect(await budget("code", 1)).toEqual([
    { name: "code", usd: 1, spent: 0.5 },
    { name: "task", usd: 3, spent: null },
    { name: "team", usd: 2, spent: 0.5 },
  ]);
  expect(await budget("team", null)).toHaveLength(2);
});

import { AppError } from "../../../contract/errors.ts";
import type { Server } from "../../../contract/servers.ts";
import { type Budget, BudgetName, type SpendSummary } from "../../../contract/spend.ts";
import { OK, type Context, type Outcome } from "../context.ts";
import { soon, withDaemon } from "../daemon.ts";
import type { Screen } from "../screen.ts";

const DEFAULT_DAYS = 7;
const SHOWN_TASKS = 10;

/** What the team's model has cost. */
export async function spend(context: Context, server: Server): Promise<Outcome> {
  const days = readDays(context.options.days);
  return withDaemon(context, server.id, async (api) => {
    const summary = await api.spend.summary({ days }, soon(context.signal));
    printSummary(context.screen, summary);
    return { result: { ok: true, ...summary }, exitCode: OK };
  });
}

/** What the team may cost, and what rests for it. */
export async function budget(context: Context, server: Server): Promise<Outcome> {
  const { screen, signal, words } = context;
  const [verb = "list", name, usd] = words;
  return withDaemon(context, server.id, async (api) => {
    if (verb === "retry") {
      const { tasks } = await api.spend.retry(undefined, soon(signal));
      screen.print(tasks === 0 ? "No task rests." : `${tasks} ${tasks === 1 ? "task tries" : "tasks try"} again.`);
      return { result: { ok: true, tasks }, exitCode: OK };
    }
    const budgets =
      verb === "list"
        ? await api.spend.budgets.get(undefined, soon(signal))
        : await api.spend.budgets.set({ name: readName(name), usd: readUsd(verb, usd) }, soon(signal));
    for (const each of budgets) screen.print(describe(each));
    if (budgets.length === 0) screen.print("No budgets: the team may spend what it needs.");
    return { result: { ok: true, budgets }, exitCode: OK };
  });
}

function printSummary(screen: Screen, { todayUsd, days, tasks, prices }: SpendSummary): void {
  screen.print(`Today ${dollars(todayUsd)}`);
  for (const [day, agents] of Map.groupBy(days, (each) => each.day)) {
    const usd = agents.reduce((sum, each) => sum + each.usd, 0);
    const who = agents.map((each) => `${each.agent} ${dollars(each.usd)}`).join(", ");
    screen.print(`  ${day}  ${dollars(usd).padStart(9)}  ${who}`);
  }
  if (tasks.length > 0) screen.print("Dearest tasks");
  for (const task of tasks.toSorted((a, b) => b.usd - a.usd).slice(0, SHOWN_TASKS)) {
    const [first = ""] = task.request.split("\n", 1);
    screen.print(`  ${task.taskId}  ${dollars(task.usd).padStart(9)}  ${task.agent.padEnd(10)} ${first.slice(0, 60)}`);
  }
  const unpriced = days.reduce((sum, each) => sum + each.unpriced, 0);
  if (unpriced > 0) screen.note(`${unpriced} requests of a model whose price is not known are missing in the sums.`);
  screen.note(prices);
}

function describe({ name, usd, spent }: Budget): string {
  const used = spent === null ? "for each task" : `a day, ${dollars(spent)} spent today`;
  return `${name.padEnd(11)} ${dollars(usd)} ${used}`;
}

function dollars(usd: number): string {
  return `$${usd.toFixed(usd > 0 && usd < 0.01 ? 4 : 2)}`;
}

function readDays(days: string | undefined): number {
  const count = Number(days ?? DEFAULT_DAYS);
  if (Number.isInteger(count) && count >= 1 && count <= 366) return count;
  throw new AppError("app.bad_input", `--days takes a whole number from 1 to 366, not ${days ?? ""}`);
}

function readName(name: string | undefined): BudgetName {
  const known = BudgetName.safeParse(name);
  if (known.success) return known.data;
  throw new AppError("app.bad_input", `There is no budget for ${name ?? "(nothing)"}`, {
    hint: `Budgets: ${BudgetName.options.join(", ")}`,
  });
}

/** Null removes the budget. */
function readUsd(verb: string, usd: string | undefined): number | null {
  if (verb === "remove") return null;
  if (verb !== "set") throw new AppError("app.bad_input", "list, set NAME USD, remove NAME or retry");
  const amount = Number(usd?.replace(/^\$/, ""));
  if (usd !== undefined && usd !== "" && Number.isFinite(amount) && amount >= 0) return amount;
  throw new AppError("app.bad_input", `${usd ?? "(nothing)"} is not an amount of US dollars`);
}

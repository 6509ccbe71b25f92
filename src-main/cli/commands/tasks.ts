import { randomUUID } from "node:crypto";
import type { AlgorithmRun } from "../../../contract/algorithm.ts";
import { AppError } from "../../../contract/errors.ts";
import { GrantMinutes } from "../../../contract/grants.ts";
import type { Server } from "../../../contract/servers.ts";
import type { Task } from "../../../contract/tasks.ts";
import { Priority } from "../../../contract/team-messages.ts";
import type { DaemonClient } from "../../tunnel/daemon-client.ts";
import { OK, type Context, type Outcome } from "../context.ts";
import { soon, withDaemon } from "../daemon.ts";
import type { Screen } from "../screen.ts";

type Api = DaemonClient["api"];

export async function tasks(context: Context, server: Server): Promise<Outcome> {
  const { screen, signal, words } = context;
  const [verb = "list", id, ...rest] = words;
  return withDaemon(context, server.id, async (api) => {
    if (verb === "list") {
      const list = await api.tasks.list({}, soon(signal));
      for (const task of list) printTask(screen, task);
      if (list.length === 0) screen.print("No tasks yet.");
      return { result: { ok: true, tasks: list }, exitCode: OK };
    }
    if (!id) throw new AppError("app.bad_input", `Which task? ${USAGE}`);
    if (verb !== "show") {
      const task = await changeTask(api, { id, verb, rest, signal });
      printTask(screen, task);
      return { result: { ok: true, task }, exitCode: OK };
    }
    const shown = await api.tasks.show({ id }, soon(signal));
    for (const task of [shown.task, ...shown.children]) printTask(screen, task);
    if (shown.run) printRun(screen, shown.run);
    for (const call of shown.calls) screen.print(`  ${call.agent} ${call.tool} ${call.summary}: ${call.state}`);
    if (shown.task.result) screen.print(`\n${shown.task.result}`);
    return { result: { ok: true, ...shown }, exitCode: OK };
  });
}

const USAGE = "list, show ID, cancel ID, pause ID, resume ID, priority ID 1..10 or tell ID TEXT";

interface Change {
  readonly id: string;
  readonly verb: string;
  readonly rest: readonly string[];
  readonly signal: AbortSignal;
}

async function changeTask(api: Api, { id, verb, rest, signal }: Change): Promise<Task> {
  switch (verb) {
    case "cancel":
      return await api.tasks.cancel({ id }, soon(signal));
    case "pause":
      return await api.tasks.pause({ id }, soon(signal));
    case "resume":
      return await api.tasks.resume({ id }, soon(signal));
    case "priority": {
      const priority = Priority.safeParse(Number(rest[0]));
      if (!priority.success)
        throw new AppError("app.bad_input", "A priority is a number from 1 to 10; 10 is the most urgent");
      return await api.tasks.prioritize({ id, priority: priority.data }, soon(signal));
    }
    case "tell": {
      const { taskId } = await api.tasks.steer({ id: randomUUID(), taskId: id, text: rest.join(" ") }, soon(signal));
      return (await api.tasks.show({ id: taskId }, soon(signal))).task;
    }
    default:
      throw new AppError("app.bad_input", `${verb} is nothing to do with a task`, { hint: USAGE });
  }
}

/** What waits for a person, and the person's answer. */
export async function approvals(context: Context, server: Server): Promise<Outcome> {
  const { screen, signal, words, options } = context;
  const [verb = "list", id] = words;
  return withDaemon(context, server.id, async (api) => {
    if (verb === "list") {
      const list = await api.approvals.list({ state: "open" }, soon(signal));
      for (const { id, agent, action, reason } of list) screen.print(`${id}  ${agent}: ${action} (${reason})`);
      if (list.length === 0) screen.print("Nothing waits for an answer.");
      return { result: { ok: true, approvals: list }, exitCode: OK };
    }
    if (!id || (verb !== "allow" && verb !== "deny")) throw new AppError("app.bad_input", "list, allow ID or deny ID");
    const asked = (await api.approvals.list({}, soon(signal))).find((approval) => approval.id === id);
    const answer = { id, allow: verb === "allow", hash: asked?.hash ?? null, ...readMinutes(options.minutes) };
    const approval = await api.approvals.answer(answer, soon(signal));
    screen.print(`${approval.id}: ${approval.state}`);
    return { result: { ok: true, approval }, exitCode: OK };
  });
}

/** An answer that lasts, where the question allows it. */
function readMinutes(minutes: string | undefined): { forMinutes?: number } {
  if (minutes === undefined) return {};
  const time = GrantMinutes.safeParse(Number(minutes));
  if (time.success) return { forMinutes: time.data };
  throw new AppError("app.bad_input", `${minutes} is no time: --minutes 1 to 10080`);
}

function printRun(screen: Screen, { state, iteration, phase, criteria }: AlgorithmRun): void {
  screen.print(`\nThe Algorithm: ${state}, round ${iteration}, ${phase}`);
  for (const { id, text, state, judgements } of criteria) {
    screen.print(`  ${id.padEnd(9)} ${state.padEnd(8)} ${text}`);
    const evidence = judgements.at(-1)?.evidence.split("\n", 1)[0];
    if (evidence) screen.print(`            ${evidence}`);
  }
}

function printTask(screen: Screen, task: Task): void {
  const [first = ""] = task.request.split("\n", 1);
  const mark = task.simulated ? " [simulated]" : "";
  screen.print(`${task.id}  ${task.agent.padEnd(10)} ${task.state.padEnd(9)} ${first.slice(0, 80)}${mark}`);
}

import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import type { Approval } from "../../contract/approvals.ts";
import type { Turn } from "../../contract/console-api.ts";
import { answer, type DurableApi, type TurnWork } from "../support/console-stand-in.ts";
import { staffedDaemon } from "../support/staffed-daemon.ts";
import { until } from "../support/start-program.ts";

const { restart, staff, withApp, send: sendTo, whenTask } = staffedDaemon();

const send = async (text: string, agent?: "code") =>
  await sendTo(text, { conversationId: "team", ...(agent && { agent }) });

const answerApproval = async (said: { readonly id: string; readonly allow: boolean }) =>
  await withApp(async (client) => await client.approvals.answer(said));

const cancel = async (id: string) => await withApp(async (client) => await client.tasks.cancel({ id }));

const openApprovals = async () => await withApp(async (client) => await client.approvals.list({ state: "open" }));

const whenAsked = async (): Promise<Approval> =>
  await until("somebody is asked", async () => (await openApprovals()).at(0) ?? null);

const askFirst: TurnWork = async (turn, api) => {
  const question = { turnId: turn.id, callId: "ask-1", action: `rm -rf ${turn.request}`, reason: "not needed" };
  const { answer: said } = await api(async (client) => await client.ask(question));
  await answer(turn, api, `The answer was ${said}`);
};

const delegateTo =
  (agent: "code" | "data"): TurnWork =>
  async (turn, api) => {
    const work = { turnId: turn.id, callId: "call-1", agent, request: "please" };
    const { state, text } = await api(async (client) => await client.delegate(work));
    await answer(turn, api, `${agent} ${state}: ${text}`);
  };

const never = async (_turn: Turn, _api: DurableApi, interrupted: AbortSignal): Promise<void> => {
  await new Promise((resolve) => {
    interrupted.addEventListener("abort", resolve);
  });
};

test("delegates to a specialist once, through kill -9 of the daemon, and comes back with the result", async () => {
  const mayEnd = Promise.withResolvers<void>();
  const worked: Turn[] = [];
  staff("supervisor", delegateTo("code"));
  staff("code", async (turn, api) => {
    worked.push(turn);
    await mayEnd.promise;
    await answer(turn, api, "made it");
  });
  const { taskId } = await send("build");
  const { children } = await whenTask(taskId, "waiting");
  await until("code works", () => worked.length === 1);
  await restart();
  mayEnd.resolve();
  const { task } = await whenTask(taskId, "done");
  expect(task.result).toBe("code done: made it");
  expect(children.map(({ agent, request }) => ({ agent, request }))).toEqual([{ agent: "code", request: "please" }]);
  expect(worked.map(({ from, request }) => `${from}: ${request}`)).toEqual(["agent: please"]);
});

test("waits for a person's answer through kill -9 of the daemon, and takes only the first answer", async () => {
  staff("code", askFirst);
  const { taskId } = await send("/tmp/x", "code");
  const asked = await whenAsked();
  expect(asked).toMatchObject({ agent: "code", action: "rm -rf /tmp/x", reason: "not needed", state: "open" });
  await restart();
  const answered = await answerApproval({ id: asked.id, allow: true });
  expect(answered.state).toBe("allowed");
  expect((await answerApproval({ id: asked.id, allow: true })).answeredAt).toBe(answered.answeredAt);
  await expect(answerApproval({ id: asked.id, allow: false })).rejects.toMatchObject({
    data: { code: "app.bad_input", message: "This question was already allowed" },
  });
  expect((await whenTask(taskId, "done")).task.result).toBe("The answer was allowed");
});

test("cancels a task with everything it gave away, and the consoles are told to stop", async () => {
  staff("supervisor", delegateTo("data"));
  const data = staff("data", never);
  const { taskId } = await send("long work");
  const { children } = await whenTask(taskId, "waiting");
  await until("data works", () => data.orders.some(({ type }) => type === "turn"));
  expect((await cancel(taskId)).state).toBe("cancelled");
  expect((await cancel(taskId)).state).toBe("cancelled");
  await until("data is interrupted", () => data.orders.some(({ type }) => type === "interrupt"));
  const [child] = children;
  const shown = await withApp(async (client) => await client.tasks.show({ id: child?.id ?? "" }));
  expect(shown.task.state).toBe("cancelled");
});

test("cancels a task that waits for a person, and its question ends unanswered", async () => {
  staff("code", askFirst);
  const { taskId } = await send("/tmp/y", "code");
  const { id } = await whenAsked();
  await cancel(taskId);
  const approvals = await withApp(async (client) => await client.approvals.list({}));
  expect(approvals.find((approval) => approval.id === id)?.state).toBe("expired");
});

test("gives an agent one turn at a time, in the order they were asked for", async () => {
  const requests: string[] = [];
  let atOnce = 0;
  let most = 0;
  staff("code", async (turn, api) => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    requests.push(turn.request);
    await answer(turn, api, "ok").finally(() => (atOnce -= 1));
  });
  const sent = [await send("1", "code"), await send("2", "code"), await send("3", "code")];
  await Promise.all(sent.map(async ({ taskId }) => await whenTask(taskId, "done")));
  expect({ requests, most }).toEqual({ requests: ["1", "2", "3"], most: 1 });
});

test("makes a task of a line typed in an agent's window, once", async () => {
  const turns: Turn[] = [];
  let api: DurableApi | null = null;
  staff("code", async (turn, theApi) => {
    api = theApi;
    turns.push(turn);
    await answer(turn, theApi, "typed back");
  });
  const { taskId } = await send("warm up", "code");
  await whenTask(taskId, "done");
  const line = { id: randomUUID(), text: "from the window" };
  const submit = async () => await api?.(async (client) => await client.submit(line));
  const [first, second] = [await submit(), await submit()];
  expect(second).toEqual(first);
  await whenTask(first?.taskId ?? "", "done");
  expect(turns).toHaveLength(2);
  expect(turns[1]).toMatchObject({ conversationId: "main", request: "from the window", from: "window" });
});

test("keeps a task for an agent whose console is away until it comes", async () => {
  const { taskId } = await send("later", "code");
  const status = await withApp(async (client) => await client.status.get());
  expect(status.agents.find(({ name }) => name === "code")?.state).toBe("offline");
  staff("code", async (turn, api) => await answer(turn, api, "here"));
  expect((await whenTask(taskId, "done")).task.result).toBe("here");
});

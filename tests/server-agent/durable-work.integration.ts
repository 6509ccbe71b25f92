import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Turn } from "../../contract/console-api.ts";
import { answer, type DurableApi, type TurnWork } from "../support/console-stand-in.ts";
import { connectApp } from "../support/daemon-process.ts";
import { type Follower, followEvents } from "../support/follow-events.ts";
import { query } from "../support/postgres.ts";
import { staffedDaemon } from "../support/staffed-daemon.ts";
import { until } from "../support/start-program.ts";

const { daemon, restart, staff, withApp, send: sendTo, whenTask } = staffedDaemon();
let follower: Follower;

beforeAll(() => {
  follower = followEvents(daemon());
});

afterAll(() => follower?.stop());

/** Work with a tool call in the middle that ends when the test says so. */
function slowWork() {
  const started = Promise.withResolvers<Turn>();
  const mayEnd = Promise.withResolvers<void>();
  let runs = 0;
  const work: TurnWork = async (turn, api) => {
    runs += 1;
    const call = { callId: "call-1", tool: "run_command", summary: "sleep", output: "" };
    await api(async (client) => await client.journal.record({ turnId: turn.id, call: { ...call, state: "running" } }));
    await write(turn, api, "half an ans");
    started.resolve(turn);
    await mayEnd.promise;
    await api(async (client) => await client.journal.record({ turnId: turn.id, call: { ...call, state: "done" } }));
    await answer(turn, api, "half an answer, and the rest");
  };
  return { work, started: started.promise, end: () => mayEnd.resolve(), runs: () => runs };
}

async function write(turn: Turn, api: DurableApi, text: string): Promise<void> {
  const events = [{ type: "text", messageIndex: 0, offset: 0, text } as const];
  await api(async (client) => await client.emit({ turnId: turn.id, events }));
}

const send = async (text: string, conversationId: string, id: string = randomUUID()) =>
  await sendTo(text, { conversationId, id });

const textsOf = async (conversationId: string) => {
  const { messages } = await withApp(async (client) => await client.chat.history({ conversationId }));
  return messages.map(({ role, text }) => `${role}: ${text}`);
};

/** Every stored event reached the follower exactly once, in order, although connections were cut. */
async function expectNoGap(): Promise<void> {
  const [counter] = await query(daemon().config.postgres, "select seq::int from event_counter");
  const last = Number(counter?.["seq"]);
  await until("the follower has everything", () => follower.numbers().at(-1) === last);
  expect(follower.numbers()).toEqual(Array.from({ length: last }, (_, index) => index + 1));
}

test("answers a message, with the exchanges before it as history", async () => {
  const seen: Turn[] = [];
  staff("supervisor", async (turn, api) => {
    seen.push(turn);
    await answer(turn, api, `Answer to ${turn.request}`);
  });
  const first = await send("one", "history");
  await whenTask(first.taskId, "done");
  const second = await send("two", "history");
  await whenTask(second.taskId, "done");
  expect(seen[1]?.history).toEqual([
    { role: "user", content: "one" },
    { role: "assistant", content: "Answer to one" },
  ]);
  expect(await textsOf("history")).toEqual([
    "person: one",
    "agent: Answer to one",
    "person: two",
    "agent: Answer to two",
  ]);
  await expectNoGap();
});

test("takes a message sent twice with one id as one message and one task", async () => {
  staff("supervisor", async (turn, api) => await answer(turn, api, "once"));
  const id = randomUUID();
  const sent = await Promise.all([send("hello", "twice", id), send("hello", "twice", id), send("hello", "twice", id)]);
  expect(new Set(sent.map(({ taskId, seq }) => `${taskId} ${seq}`)).size).toBe(1);
  await whenTask(sent[0].taskId, "done");
  expect(await textsOf("twice")).toEqual(["person: hello", "agent: once"]);
});

test("completes a turn through kill -9 of the daemon, with each message once", async () => {
  const slow = slowWork();
  staff("supervisor", slow.work);
  const { taskId } = await send("work", "daemon-killed");
  await slow.started;
  await restart();
  slow.end();
  await whenTask(taskId, "done");
  expect(slow.runs()).toBe(1);
  expect(await textsOf("daemon-killed")).toEqual(["person: work", "agent: half an answer, and the rest"]);
  const { calls } = await withApp(async (client) => await client.tasks.show({ id: taskId }));
  expect(calls.map(({ state }) => state)).toEqual(["done"]);
  await expectNoGap();
});

test("completes a turn through kill -9 of PostgreSQL", async () => {
  const slow = slowWork();
  staff("supervisor", slow.work);
  const { taskId } = await send("work", "postgres-killed");
  await slow.started;
  await daemon().postgres.kill("SIGKILL");
  slow.end();
  await expect(send("more", "postgres-killed")).rejects.toMatchObject({ data: { code: "store.unavailable" } });
  await daemon().postgres.start();
  await whenTask(taskId, "done");
  expect(await textsOf("postgres-killed")).toEqual(["person: work", "agent: half an answer, and the rest"]);
  await expectNoGap();
});

test("works on with Redis killed, and shows the partial text again when it is back", async () => {
  const slow = slowWork();
  staff("supervisor", slow.work);
  await daemon().redis.kill("SIGKILL");
  const { taskId } = await send("work", "redis-killed");
  const { id } = await slow.started;
  await until("PostgreSQL has the call", async () => (await callsOf(taskId)) === 1);
  await daemon().redis.start();
  const delta = { type: "delta", messageId: `${id}.0`, offset: 0, text: "half an ans" };
  await until("the partial text is shown", () => follower.events.some((event) => isLike(event, delta)));
  slow.end();
  await whenTask(taskId, "done");
  await expectNoGap();
});

const callsOf = async (id: string) => (await withApp(async (client) => await client.tasks.show({ id }))).calls.length;
const isLike = (event: object, part: object) =>
  Object.entries(part).every(([key, value]) => Reflect.get(event, key) === value);

test("gives a late follower the partial text, and one that was cut only what it missed", async () => {
  const slow = slowWork();
  staff("supervisor", slow.work);
  const { taskId, seq } = await send("work", "late");
  const { id } = await slow.started;
  follower.cut();
  const app = await connectApp(daemon());
  const seen: object[] = [];
  for await (const event of await app.client.events.follow({ after: seq, conversationId: "late" })) {
    seen.push(event);
    if (event.type === "caught_up") slow.end();
    if (event.type === "task_changed" && event.task.state === "done") break;
  }
  app.close();
  const deltas = seen.filter((event) => Reflect.get(event, "type") === "delta");
  expect(deltas[0]).toMatchObject({ messageId: `${id}.0`, offset: 0, text: "half an ans" });
  await whenTask(taskId, "done");
  await expectNoGap();
});

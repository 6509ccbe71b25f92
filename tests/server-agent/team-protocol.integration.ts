import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { AgentName } from "../../contract/agents.ts";
import {
  answer,
  type DurableApi,
  type StandInConsole,
  startConsole,
  type TurnWork,
} from "../support/console-stand-in.ts";
import {
  type Connection,
  connectApp,
  createDaemon,
  type DaemonClient,
  type TestDaemon,
} from "../support/daemon-process.ts";
import { until } from "../support/start-program.ts";

let daemon: TestDaemon;
let app: Connection<DaemonClient>;
let consoles: StandInConsole[] = [];

beforeAll(async () => {
  daemon = await createDaemon();
  app = await connectApp(daemon);
});

afterEach(({ task }) => {
  if (task.result?.state === "fail") console.log(daemon.output());
  for (const console of consoles) console.stop();
  consoles = [];
});

afterAll(async () => {
  app?.close();
  await daemon?.remove();
});

const staff = (agent: AgentName, work: TurnWork): StandInConsole => {
  const console = startConsole(daemon, agent, work);
  consoles.push(console);
  return console;
};

const restart = async (): Promise<void> => {
  app.close();
  await daemon.kill("SIGKILL");
  await daemon.start();
  app = await connectApp(daemon);
};

const send = async (text: string, agent: AgentName = "supervisor", priority = 5): Promise<string> => {
  const conversationId = randomUUID();
  return (await app.client.chat.send({ id: randomUUID(), text, conversationId, agent, priority })).taskId;
};

const whenTask = async (id: string, state: string) =>
  await until(`task ${id} is ${state}`, async () => {
    const { task } = await app.client.tasks.show({ id });
    return task.state === state ? task : null;
  });

const messagesOf = async (taskId: string): Promise<string[]> => {
  const messages = await app.client.teamMessages.list({ taskId });
  return messages.map(({ type, source, target, payload, takenBy }) => {
    return `${type} ${source} to ${target}: ${payload.action} [${takenBy.join(",")}]`;
  });
};

const echo: TurnWork = async (turn, api) => await answer(turn, api, `did ${turn.request}`);

test("shares work out in parallel and brings the results together", async () => {
  const started: string[] = [];
  const all = Promise.withResolvers<void>();
  const worker: TurnWork = async (turn, api) => {
    started.push(turn.request);
    if (started.length === 3) all.resolve();
    await all.promise;
    await echo(turn, api, new AbortController().signal);
  };
  for (const agent of ["code", "data", "qa"] as const) staff(agent, worker);
  staff("supervisor", async (turn, api) => {
    const give = async (agent: "code" | "data" | "qa") =>
      await api(async (client) => {
        return await client.delegate({ turnId: turn.id, callId: agent, agent, request: `part of ${agent}` });
      });
    const ends = await Promise.all([give("code"), give("data"), give("qa")]);
    await answer(turn, api, ends.map(({ text }) => text).join("; "));
  });
  const taskId = await send("all of it");
  expect((await whenTask(taskId, "done")).result).toBe("did part of code; did part of data; did part of qa");
  const messages = await messagesOf(taskId);
  expect(messages.filter((line) => line.startsWith("task supervisor to data"))).toEqual([
    "task supervisor to data: part of data [data]",
  ]);
  expect(messages.filter((line) => line.startsWith("result")).length).toBe(3);
});

test("agents may ask one another in a circle without waiting for ever", async () => {
  const ask = async (api: DurableApi, turnId: string, to: { agent: AgentName; question: string }) =>
    await api(async (client) => await client.askPeer({ turnId, callId: "ask", ...to }));
  staff("code", async (turn, api) => {
    if (turn.request === "the innermost") return await answer(turn, api, "42");
    const { text } = await ask(api, turn.id, { agent: "data", question: "the middle" });
    return await answer(turn, api, `code heard ${text}`);
  });
  staff("data", async (turn, api) => {
    const { text } = await ask(api, turn.id, { agent: "code", question: "the innermost" });
    await answer(turn, api, `data heard ${text}`);
  });
  const taskId = await send("the outermost", "code");
  expect((await whenTask(taskId, "done")).result).toBe("code heard data heard 42");
});

test("hands a task over with what was found out, and the new owner's answer is the task's", async () => {
  staff("code", async (turn, api) => {
    const hand = {
      turnId: turn.id,
      callId: "hand",
      agent: "infra" as const,
      action: "deploy it",
      context: "it builds",
    };
    await api(async (client) => await client.handOff(hand));
    await api(async (client) => await client.handOff(hand));
    await api(async (client) => await client.finish({ turnId: turn.id, outcome: { state: "left" } }));
  });
  const given: string[] = [];
  staff("infra", async (turn, api) => {
    given.push(turn.request);
    await answer(turn, api, "deployed");
  });
  const taskId = await send("build and deploy", "code");
  const task = await whenTask(taskId, "done");
  expect({ agent: task.agent, result: task.result }).toEqual({ agent: "infra", result: "deployed" });
  expect(given).toEqual([
    "The code agent handed this task to you: deploy it\nit builds\n\nThe task:\nbuild and deploy",
  ]);
  expect(await messagesOf(taskId)).toEqual(["handoff code to infra: deploy it [infra]"]);
});

test("starts waiting tasks by priority, then in the order they came", async () => {
  const mayEnd = Promise.withResolvers<void>();
  const order: string[] = [];
  staff("code", async (turn, api) => {
    order.push(turn.request);
    if (turn.request === "first") await mayEnd.promise;
    await answer(turn, api, "ok");
  });
  const first = await send("first", "code");
  await whenTask(first, "running");
  const waiting = [
    await send("usual", "code"),
    await send("late", "code", 1),
    await send("urgent", "code", 10),
    await send("raised", "code", 1),
  ];
  await app.client.tasks.prioritize({ id: waiting[3] ?? "", priority: 9 });
  mayEnd.resolve();
  for (const id of waiting) await whenTask(id, "done");
  expect(order).toEqual(["first", "urgent", "raised", "usual", "late"]);
});

test("tells a person's word to the agent while it works; one that comes too late is a task of its own", async () => {
  const heard: string[] = [];
  const mayEnd = Promise.withResolvers<void>();
  const console = staff("data", async (turn, api) => {
    heard.push(turn.request);
    if (turn.request === "count") await mayEnd.promise;
    await answer(turn, api, "counted");
  });
  const taskId = await send("count", "data");
  await whenTask(taskId, "running");
  const words = { id: randomUUID(), taskId, text: "only the red ones" };
  await app.client.tasks.steer(words);
  await app.client.tasks.steer(words);
  await until("the console is told", () => console.orders.some(({ type }) => type === "steer"));
  mayEnd.resolve();
  await whenTask(taskId, "done");
  await until("the late word is worked on", () => heard.length === 2);
  expect(heard).toEqual(["count", "only the red ones"]);
});

test("pauses a task where it stands and resumes it, also after kill -9 of the daemon", async () => {
  const runs: string[] = [];
  staff("qa", async (turn, api, interrupted) => {
    runs.push(turn.id);
    if (runs.length > 1) return await answer(turn, api, "finished later");
    await new Promise((resolve) => {
      interrupted.addEventListener("abort", resolve);
    });
    return await api(async (client) => await client.finish({ turnId: turn.id, outcome: { state: "left" } }));
  });
  const taskId = await send("check", "qa");
  await whenTask(taskId, "running");
  expect((await app.client.tasks.pause({ id: taskId })).state).toBe("paused");
  await until("the console has left the turn", async () => {
    const { agents } = await app.client.status.get();
    return agents.find(({ name }) => name === "qa")?.state === "idle";
  });
  await restart();
  expect((await app.client.tasks.resume({ id: taskId })).state).not.toBe("paused");
  expect((await whenTask(taskId, "done")).result).toBe("finished later");
  expect(new Set(runs).size).toBe(1);
});

test("a broadcast reaches every other agent once, with its next task, through kill -9 of the daemon", async () => {
  const speaker = staff("research", async (turn, api) => {
    const news = { turnId: turn.id, callId: "tell", action: "the API moved to /v2", context: "" };
    await api(async (client) => await client.broadcast(news));
    await answer(turn, api, "told");
  });
  await whenTask(await send("look", "research"), "done");
  speaker.stop();
  await restart();
  const given: string[] = [];
  const work: TurnWork = async (turn, api) => {
    given.push(turn.request);
    await answer(turn, api, "ok");
  };
  staff("qa", work);
  staff("research", work);
  for (const agent of ["qa", "qa", "research"] as const) await whenTask(await send("check", agent), "done");
  expect(given).toEqual([
    "Messages of the team since you last worked:\n- research: the API moved to /v2\n\nThe task:\ncheck",
    "check",
    "check",
  ]);
});

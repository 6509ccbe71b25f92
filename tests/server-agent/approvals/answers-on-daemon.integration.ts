import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import type { Approval } from "../../../contract/approvals.ts";
import type { CallVerdict, Turn } from "../../../contract/console-api.ts";
import { answer, type DurableApi } from "../../support/console-stand-in.ts";
import { query } from "../../support/postgres.ts";
import { staffedDaemon } from "../../support/staffed-daemon.ts";
import { until } from "../../support/start-program.ts";

const { daemon, restart, staff, withApp, send, whenTask } = staffedDaemon();

/** A program nobody knows: a person is asked, and nothing has to be kept before it. */
const UNKNOWN = "frobnicate --all";

/** A console that stays within its turn for as long as the test asks it to begin calls. */
async function openTurn() {
  const opened = Promise.withResolvers<{ turn: Turn; api: DurableApi }>();
  const mayEnd = Promise.withResolvers<void>();
  staff("code", async (turn, api) => {
    opened.resolve({ turn, api });
    await mayEnd.promise;
    await answer(turn, api, "ended");
  });
  const { taskId } = await send("work", { conversationId: randomUUID(), agent: "code" });
  const { turn, api } = await opened.promise;
  const request = (command: string, callId: string) => {
    return { callId, tool: "run_command", summary: command, input: { command }, hooksAsk: null };
  };
  return {
    begin: async (command = UNKNOWN, callId = "call-1"): Promise<CallVerdict> =>
      await api(async (client) => await client.journal.begin({ turnId: turn.id, call: request(command, callId) })),
    end: async (callId = "call-1"): Promise<void> => {
      const call = { callId, tool: "run_command", summary: UNKNOWN, state: "done", output: "" } as const;
      await api(async (client) => await client.journal.record({ turnId: turn.id, call }));
    },
    async close() {
      mayEnd.resolve();
      await whenTask(taskId, "done");
    },
  };
}

const open = async (): Promise<Approval> =>
  await until("somebody is asked", async () => {
    return (await withApp(async (client) => await client.approvals.list({ state: "open" }))).at(0) ?? null;
  });
const answerTo = async ({ id, hash }: Pick<Approval, "id" | "hash">, allow: boolean): Promise<Approval> =>
  await withApp(async (client) => await client.approvals.answer({ id, hash, allow }));
const oneByteOff = (hash: string | null): string => `${hash?.slice(0, -1)}${hash?.endsWith("0") ? "1" : "0"}`;

test("an answer lets its action run once: replayed, it lets nothing run, also after kill -9 of the daemon", async () => {
  const turn = await openTurn();
  expect(await turn.begin()).toMatchObject({ verdict: "ask" });
  const asked = await open();
  await answerTo(asked, true);
  expect(await turn.begin()).toEqual({ verdict: "run", isFirst: true });
  await turn.end();
  expect(await turn.begin()).toMatchObject({ verdict: "denied", reason: expect.stringContaining("used already") });
  await answerTo(asked, true);
  expect(await turn.begin()).toMatchObject({ verdict: "denied" });
  await restart();
  await answerTo(asked, true);
  expect(await turn.begin()).toMatchObject({ verdict: "denied" });
  expect(await turn.begin(UNKNOWN, "call-2")).toMatchObject({ verdict: "ask" });
  await answerTo(await open(), false);
  await turn.close();
});

test("an answer is worth nothing for an action, or by a hash, that is one byte another", async () => {
  const turn = await openTurn();
  await turn.begin();
  const asked = await open();
  await expect(answerTo({ id: asked.id, hash: oneByteOff(asked.hash) }, true)).rejects.toMatchObject({
    data: { code: "app.bad_input", message: expect.stringContaining("to another action") },
  });
  await answerTo(asked, true);
  expect(await turn.begin("frobnicate --alL")).toMatchObject({ verdict: "ask" });
  await answerTo(await open(), false);
  expect(await turn.begin("frobnicate --alL")).toMatchObject({ verdict: "denied" });
  await turn.close();
});

test("an answer given twice is once, and cannot be turned round", async () => {
  const turn = await openTurn();
  await turn.begin();
  const asked = await open();
  const [first, second] = await Promise.all([answerTo(asked, false), answerTo(asked, false)]);
  expect(second.answeredAt).toBe(first.answeredAt);
  await expect(answerTo(asked, true)).rejects.toMatchObject({ data: { message: "This question was already denied" } });
  expect(await turn.begin()).toMatchObject({ verdict: "denied" });
  await turn.close();
});

test("an answer that comes too late is refused, and one that was given in time is worth nothing later", async () => {
  const expire = async ({ id }: Approval) =>
    await query(
      daemon().config.postgres,
      `update approvals set expires_at = now() - interval '1 s' where id = '${id}'`,
    );
  const turn = await openTurn();
  await turn.begin();
  const late = await open();
  await expire(late);
  await expect(answerTo(late, true)).rejects.toMatchObject({ data: { message: "This question was already expired" } });
  expect(await turn.begin()).toMatchObject({ verdict: "denied" });
  await turn.begin(UNKNOWN, "call-2");
  const inTime = await open();
  await answerTo(inTime, true);
  await expire(inTime);
  expect(await turn.begin(UNKNOWN, "call-2")).toMatchObject({ verdict: "denied" });
  await turn.close();
});

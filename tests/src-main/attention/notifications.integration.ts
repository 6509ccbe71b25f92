import { connect } from "node:net";
import path from "node:path";
import { expect, test } from "vitest";
import { API_SOCKET } from "../../../contract/daemon-config.ts";
import type { ServerView } from "../../../contract/servers.ts";
import { createAttention } from "../../../src-main/attention/create-attention.ts";
import type { Notice } from "../../../src-main/attention/notifier.ts";
import type { Links, ServerLink } from "../../../src-main/servers/link.ts";
import { answer } from "../../support/console-stand-in.ts";
import { staffedDaemon } from "../../support/staffed-daemon.ts";
import { until } from "../../support/start-program.ts";

const { daemon, staff, send, withApp, restart, whenTask } = staffedDaemon();

const VIEW: ServerView = {
  server: { id: "s1", name: "web-1", place: { kind: "local" }, provisioned: null },
  connection: { state: "online", since: new Date().toISOString(), latencyMs: null, silentSince: null },
};

/** The host's notifications about the real daemon, with a desktop that remembers what it was told to show. */
function openAttention() {
  const daemonSocket = path.join(daemon().config.runDir, API_SOCKET);
  const link = { daemonSocket, openSocket: async (socket: string) => await Promise.resolve(connect(socket)) };
  const links = { whenOnline: async () => await Promise.resolve(link as unknown as ServerLink) };
  const shown: Notice[] = [];
  const desktop = { isLookedAt: false };
  const attention = createAttention({
    links: links as unknown as Links,
    list: () => [VIEW],
    async *watch(signal) {
      yield [VIEW];
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    },
    notifier: {
      isLookedAt: () => desktop.isLookedAt,
      show(notice) {
        shown.push(notice);
        return () => void shown.splice(shown.indexOf(notice), 1);
      },
    },
  });
  return { attention, shown, desktop };
}

/** An agent that asks for each of its tasks before it does it. */
const staffAsking = (): void => {
  staff("code", async (turn, api) => {
    const asked = { turnId: turn.id, callId: "call-1", action: turn.request, reason: "It is asked to" };
    const { answer: given } = await api(async (client) => await client.ask(asked));
    await answer(turn, api, given);
  });
};
const openQuestion = async (action: string) =>
  await until(`${action} is asked`, async () => {
    const open = await withApp(async (client) => await client.approvals.list({ state: "open" }));
    return open.find((asked) => asked.action === action) ?? null;
  });
const allow = async (action: string): Promise<void> => {
  const { id, hash } = await openQuestion(action);
  await withApp(async (client) => await client.approvals.answer({ id, hash, allow: true }));
};

/** What was open before the host's first look is no news to it: asks until something is. */
const whenFollowed = async (shown: readonly Notice[]): Promise<void> => {
  for (let number = 1, isFollowed = false; !isFollowed; number += 1) {
    const action = `warm up ${number}`;
    const { taskId } = await send(action, { conversationId: "main", agent: "code" });
    await openQuestion(action);
    isFollowed = await until("it is shown", () => shown.length > 0, 1_500).catch(() => false);
    await allow(action);
    await whenTask(taskId, "done");
  }
  await until("it is taken back", () => shown.length === 0);
};

test("notifies of a question, takes that back when it is answered elsewhere, and opens it on a click", async () => {
  staffAsking();
  const { attention, shown } = openAttention();
  const first = attention.opened().next();
  await whenFollowed(shown);
  const { taskId } = await send("remove the old site", { conversationId: "main", agent: "code" });
  await until("the question is shown", () => shown.length === 1);
  expect(shown[0]).toMatchObject({ title: "code on web-1 asks for your yes", body: "remove the old site" });
  const { id } = await openQuestion("remove the old site");
  shown[0]?.onOpen();
  expect((await first).value).toEqual({ serverId: "s1", kind: "approval", id, agent: "code" });
  await allow("remove the old site");
  await whenTask(taskId, "done");
  await until("it is taken back", () => shown.length === 0);
  attention.close();
});

test("keeps quiet about what the person has before them, and about what waited before the app was opened", async () => {
  staffAsking();
  const before = await send("asked before", { conversationId: "c2", agent: "code" });
  const { id } = await openQuestion("asked before");
  const { attention, shown, desktop } = openAttention();
  desktop.isLookedAt = true;
  attention.seen("s1", [id]);
  await restart();
  await new Promise((resolve) => setTimeout(resolve, 7_000));
  expect(shown).toEqual([]);
  await allow("asked before");
  await whenTask(before.taskId, "done");
  const { taskId } = await send("asked behind another page", { conversationId: "c3", agent: "code" });
  await until("it is shown, because it is not in sight", () => shown.length === 1);
  await allow("asked behind another page");
  await whenTask(taskId, "done");
  attention.close();
});

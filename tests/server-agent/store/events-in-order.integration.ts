import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sendMessage } from "../../../server-agent/chat/send-message.ts";
import { type EventFeed, openEventFeed, readEvents } from "../../../server-agent/events/event-feed.ts";
import { createLog } from "../../../server-agent/platform/log.ts";
import type { StoredEvent } from "../../../server-agent/store/event-draft.ts";
import { insertMessage } from "../../../server-agent/store/insert-message.ts";
import { createStore, type TestStore } from "../../support/test-store.ts";

let db: TestStore;
let feed: EventFeed;
let heard: StoredEvent[] = [];

beforeAll(async () => {
  db = await createStore();
  feed = await openEventFeed(db.store, createLog({ level: "error" }));
  feed.subscribe((event) => heard.push(event));
  await send();
});
beforeEach(() => void (heard = []));
afterAll(async () => {
  feed?.close();
  await db?.remove();
});

const conversationId = "c1";
const nothing = (): void => undefined;

async function send(): Promise<void> {
  const request = { id: randomUUID(), conversationId, text: "hello", from: "person" } as const;
  await sendMessage({ store: db.store, startTask: nothing, startRun: nothing }, request);
}

/** Some words, an audit record, both or none of them. */
async function change(index: number): Promise<void> {
  await db.store.change(async (tx, emit, audit) => {
    const said = { role: "agent", agent: "code", text: `\u0000 ${index}`, simulated: false } as const;
    if (index % 4 > 1) await insertMessage(tx, emit, { id: randomUUID(), conversationId, taskId: null, ...said });
    if (index % 2 > 0) audit({ kind: "prompt", agent: "code", taskId: "t1", detail: { index } });
  });
}

async function expectAllHeard(): Promise<void> {
  const stored = await readEvents(db.store, { after: 0, limit: 1_000 });
  const last = stored.at(-1)?.seq ?? 0;
  expect(stored.map(({ seq }) => seq)).toEqual(Array.from({ length: last }, (_, index) => index + 1));
  await expect.poll(() => heard.at(-1)?.seq).toBe(last);
  expect(heard).toEqual(stored.slice(-heard.length));
}

test("everyone hears each event once, in the order of commits, when many things change at once", async () => {
  await Promise.all(Array.from({ length: 80 }, async (_, index) => await (index % 5 === 0 ? send() : change(index))));
  await expectAllHeard();
  expect(heard.length).toBeGreaterThan(60);
});

test("a change that fails is not heard of, and those after it are", async () => {
  const failing = db.store.change(async (tx, emit) => {
    const said = { role: "agent", agent: "code", text: "never", simulated: false } as const;
    await insertMessage(tx, emit, { id: randomUUID(), conversationId, taskId: null, ...said });
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  await change(2);
  await expectAllHeard();
  expect(heard).toHaveLength(1);
});

import { expect, test } from "vitest";
import type { Entry } from "../../../server-agent/console/conversation.ts";
import { createQueue } from "../../../server-agent/console/entry-queue.ts";

const entry = (index: number): Entry => ({ index, kind: "assistant", message: { role: "assistant", content: "…" } });

test("stores one thing after the other, in the order in which they came", async () => {
  const done: string[] = [];
  const queue = createQueue(async ({ index }) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    done.push(`entry ${index}`);
  });
  queue.hold(entry(1));
  const record = queue.follow(async () => void done.push(await Promise.resolve("record")));
  void queue.store(entry(2));
  await record;
  expect(done).toEqual(["entry 1", "record"]);
  await queue.empty();
  expect(done).toEqual(["entry 1", "record", "entry 2"]);
});

test("stores nothing after what could not be stored, and says so", async () => {
  const done: number[] = [];
  const queue = createQueue(async ({ index }) => void done.push(await Promise.resolve(index)));
  await expect(queue.follow(async () => await Promise.reject(new Error("refused")))).rejects.toThrow("refused");
  await expect(queue.store(entry(1))).rejects.toThrow("refused");
  expect(() => queue.check()).toThrow("refused");
  await expect(queue.empty()).rejects.toThrow("refused");
  expect(done).toEqual([]);
});

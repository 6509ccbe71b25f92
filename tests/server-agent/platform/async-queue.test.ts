import { expect, test } from "vitest";
import { createAsyncQueue } from "../../../server-agent/platform/async-queue.ts";

test("gives values in order, those pushed while the reader is busy too, and drains before it ends", async () => {
  const queue = createAsyncQueue<number>();
  const read: number[] = [];
  queue.push(1);
  for await (const value of queue) {
    read.push(value);
    if (value === 1) queue.push(2);
    if (value === 2) {
      queue.push(3);
      queue.end();
      queue.push(4);
    }
  }
  expect(read).toEqual([1, 2, 3]);
});

test("wakes a waiting reader, and ends it with the error after the last value", async () => {
  const queue = createAsyncQueue<string>();
  const read: string[] = [];
  const reading = (async () => {
    for await (const value of queue) read.push(value);
  })();
  queue.push("last");
  queue.end(new Error("too slow"));
  await expect(reading).rejects.toThrow("too slow");
  expect(read).toEqual(["last"]);
});

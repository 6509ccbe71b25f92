import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { watchSilence } from "../../../src-main/ssh/watch-silence.ts";

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

/** A connection that is watched; `answers` says whether the server answers what is asked. */
function watched({ answers }: { readonly answers: boolean }) {
  const traffic = { bytesRead: 0, bytesWritten: 0 };
  const told: (number | null)[] = [];
  let asked = 0;
  const stop = watchSilence({
    traffic,
    ask() {
      asked += 1;
      traffic.bytesWritten += 40;
      if (answers) traffic.bytesRead += 40;
    },
    onChange: (since) => told.push(since?.getTime() ?? null),
  });
  return { traffic, told, asked: () => asked, stop };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

it("says nothing while nothing is sent, however long", async () => {
  const { told, asked } = watched({ answers: false });
  await pass(60_000);
  expect([told, asked()]).toEqual([[], 0]);
});

it("asks before it says anything, because not all that is sent has an answer", async () => {
  const { traffic, told, asked } = watched({ answers: true });
  traffic.bytesWritten += 1;
  await pass(10_000);
  expect([told, asked()]).toEqual([[], 1]);
});

it("tells of a silence after two to three seconds, since when, and once", async () => {
  const { traffic, told } = watched({ answers: false });
  traffic.bytesWritten += 1;
  await pass(2000);
  expect(told).toEqual([]);
  await pass(1000);
  expect(told).toEqual([500]);
  traffic.bytesWritten += 1;
  await pass(10_000);
  expect(told).toEqual([500]);
});

it("takes it back with the first byte, and is ready for the next silence", async () => {
  const { traffic, told } = watched({ answers: false });
  traffic.bytesWritten += 1;
  await pass(3000);
  traffic.bytesRead += 1;
  await pass(500);
  expect(told).toEqual([500, null]);
  traffic.bytesWritten += 1;
  await pass(3000);
  expect(told).toEqual([500, null, 4000]);
});

it("does not take a busy app for a silent server: an answer that waits to be read is read first", async () => {
  const { traffic, told } = watched({ answers: true });
  traffic.bytesWritten += 1;
  await pass(500);
  vi.setSystemTime(20_000);
  await pass(2000);
  expect(told).toEqual([]);
});

it("ends when told", async () => {
  const { traffic, told, stop } = watched({ answers: false });
  stop();
  traffic.bytesWritten += 1;
  await pass(10_000);
  expect(told).toEqual([]);
});

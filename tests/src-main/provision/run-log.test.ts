import { expect, test } from "vitest";
import type { NewRunEvent } from "../../../provisioning/step-reports.ts";
import { createRunLog } from "../../../src-main/provision/run-log.ts";

const line = (text: string) => ({ type: "step_log", id: "packages", line: text }) as const;
const ended: NewRunEvent = { type: "ended", result: { ok: true, changed: 0, steps: [] } };

test("a reader gets what came after its last number, then what comes, then the end", async () => {
  const log = createRunLog();
  log.append(line("one"));
  log.append(line("two"));
  const numbers: number[] = [];
  const reading = (async () => {
    for await (const event of log.follow(1)) numbers.push(event.seq);
  })();
  await new Promise((resolve) => setImmediate(resolve));
  log.append(line("three"));
  log.append(ended);
  await reading;
  expect(numbers).toEqual([2, 3, 4]);
});

test("a reader that has gone is let go", async () => {
  const abort = new AbortController();
  const next = createRunLog().follow(0, abort.signal).next();
  abort.abort();
  expect(await next).toEqual({ done: true, value: undefined });
});

import { expect, test } from "vitest";
import { createPulse } from "../../../server-agent/console/turn-pulse.ts";

test("says how long nothing has come of a turn, and how long that is no trouble", async () => {
  let now = 0;
  const pulse = createPulse(() => now);
  now = 400;
  expect(pulse.read()).toEqual({ idleMs: 400, patienceMs: 300_000 });
  const command = Promise.withResolvers<void>();
  const running = pulse.during(3_660_000, async () => await command.promise);
  now = 1_000;
  expect(pulse.read()).toEqual({ idleMs: 600, patienceMs: 3_660_000 });
  pulse.moved();
  const asked = Promise.withResolvers<void>();
  const waiting = pulse.during(null, async () => await asked.promise);
  expect(pulse.read()).toEqual({ idleMs: 0, patienceMs: null });
  asked.resolve();
  await waiting;
  now = 2_000;
  expect(pulse.read()).toEqual({ idleMs: 1_000, patienceMs: 3_660_000 });
  command.resolve();
  await running;
  expect(pulse.read()).toEqual({ idleMs: 0, patienceMs: 300_000 });
});

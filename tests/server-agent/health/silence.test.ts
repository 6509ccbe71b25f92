import { expect, test } from "vitest";
import { createSilence } from "../../../server-agent/health/silence.ts";

const pass = (silence: ReturnType<typeof createSilence>, seconds: number) => {
  const seen = { silent: [] as string[], overdue: [] as string[] };
  for (let second = 0; second < seconds; second += 1) {
    const { silent, overdue } = silence.tick(1_000);
    seen.silent.push(...silent);
    seen.overdue.push(...overdue);
  }
  return seen;
};

test("names a console that went silent once after six seconds, and as overdue from fifteen on", () => {
  const silence = createSilence();
  silence.heard("code");
  expect(pass(silence, 14)).toMatchObject({ silent: expect.arrayContaining(["code"]), overdue: [] });
  expect(silence.answers("code")).toBe(false);
  expect(pass(silence, 1).overdue).toEqual(["code"]);
});

test("gives a console that starts more time", () => {
  const silence = createSilence();
  expect(pass(silence, 44).overdue).toEqual([]);
  expect(pass(silence, 1).overdue).toHaveLength(6);
});

test("forgets silence with the next sign of life", () => {
  const silence = createSilence();
  silence.heard("qa");
  pass(silence, 10);
  silence.heard("qa");
  expect(silence.answers("qa")).toBe(true);
  expect(pass(silence, 14).overdue).toEqual([]);
});

test("holds no console responsible for the time in which the daemon itself did not run", () => {
  const silence = createSilence();
  silence.heard("code");
  expect(silence.tick(3_600_000)).toEqual({ silent: [], overdue: [] });
  expect(silence.answers("code")).toBe(true);
});

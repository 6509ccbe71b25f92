import { expect, test } from "vitest";
import type { RunEvent } from "../../contract/provision.ts";
import { foldRun, isRunning, NO_RUN, onceWished, runProgress, runTook } from "../../src-renderer/pages/server/run.ts";
import { PLAN } from "../support/fake-host-plan.ts";

const started: RunEvent[] = [
  { type: "planned", seq: 1, plan: PLAN },
  { type: "step_started", seq: 2, id: "packages", at: "2026-01-01T00:00:00Z" },
  { type: "step_log", seq: 3, id: "packages", line: "Reading package lists" },
];

test("events that come again after a reconnect change nothing", () => {
  const run = started.reduce(foldRun, NO_RUN);
  expect(started.reduce(foldRun, run)).toEqual(run);
});

test("progress counts the lines of ended steps and the measured part of those that run, and not what holds already", () => {
  const events: RunEvent[] = [
    ...started,
    { type: "step_ended", seq: 4, result: { id: "packages", state: "changed", ms: 10 } },
    { type: "step_started", seq: 5, id: "users", at: "2026-01-01T00:00:01Z" },
    { type: "step_progress", seq: 6, id: "users", done: 1, total: 2 },
  ];
  // One line of packages and half of the three of users, of the twelve in the plan.
  expect(runProgress(events.reduce(foldRun, NO_RUN))).toBeCloseTo(2.5 / 12);
  const held: RunEvent = { type: "step_ended", seq: 7, result: { id: "node", state: "unchanged", ms: 0 } };
  expect(runProgress([...events, held].reduce(foldRun, NO_RUN))).toBeCloseTo(2.5 / 12);
});

test("a run is under way from its first event to its result", () => {
  const run = started.reduce(foldRun, NO_RUN);
  const ended = foldRun(run, { type: "ended", seq: 9, result: { ok: true, changed: 0, steps: [] } });
  expect([NO_RUN, run, ended].map(isRunning)).toEqual([false, true, false]);
});

test("what was wished of a run alone is wished again by going on with it", () => {
  const asked = {
    ...PLAN,
    steps: [...PLAN.steps, ...PLAN.steps.slice(0, 1).map((step) => ({ ...step, id: "package-updates" }))],
  };
  const runs = [PLAN, asked].map((plan) => foldRun(NO_RUN, { type: "planned", seq: 1, plan }));
  expect(runs.map(onceWished)).toEqual([{}, { packageUpdates: true }]);
});

test("a run took as long as the clock says, though steps ran side by side", () => {
  const at = (second: number) => `2026-01-01T00:00:0${second}Z`;
  const events: RunEvent[] = [
    { type: "planned", seq: 1, plan: PLAN },
    { type: "step_started", seq: 2, id: "packages", at: at(0) },
    { type: "step_started", seq: 3, id: "users", at: at(1) },
    { type: "step_ended", seq: 4, result: { id: "packages", state: "changed", ms: 5000 } },
    { type: "step_ended", seq: 5, result: { id: "users", state: "changed", ms: 3000 } },
    { type: "step_ended", seq: 6, result: { id: "postgres", state: "skipped", ms: 0 } },
  ];
  expect(runTook(events.reduce(foldRun, NO_RUN))).toBe(5000);
});

test("a run of another client is told as that one's until our own plan", () => {
  const joined: RunEvent[] = [
    { type: "planned", seq: 1, plan: PLAN },
    { type: "joined", seq: 2, who: "ann@laptop", since: "2026-11-28T08:00:00.000Z" },
  ];
  const watching = joined.reduce(foldRun, NO_RUN);
  const ours = foldRun(watching, { type: "planned", seq: 3, plan: PLAN });
  expect([watching.leader?.who, ours.leader]).toEqual(["ann@laptop", null]);
});

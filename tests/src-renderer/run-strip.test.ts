import { expect, test } from "vitest";
import type { AlgorithmRun, TracedPhase } from "../../contract/algorithm.ts";
import { criteriaWords, stripOf } from "../../src-renderer/team/run-strip.ts";
import { RUN } from "../support/fake-host-run.ts";

const traced = (phase: TracedPhase["phase"], part: Partial<TracedPhase> = {}): TracedPhase => {
  const times = { startedAt: "2026-01-01T00:00:00Z", endedAt: null };
  return {
    number: 1,
    phase,
    iteration: 1,
    state: "running",
    ...times,
    taskIds: [],
    summary: "",
    sentBackTo: null,
    why: null,
    ...part,
  };
};
const marks = (state: AlgorithmRun["state"], ...trace: TracedPhase[]): string =>
  stripOf({ state, trace })
    .map(({ mark }) => mark)
    .join(" ");

test.each([
  ["nothing has begun", [], "idle idle idle idle idle idle idle"],
  ["the third is under way", [traced("PLAN")], "ok ok working idle idle idle idle"],
  [
    "it went back, what comes after is to come again",
    [traced("VERIFY", { state: "done", sentBackTo: "THINK" }), traced("THINK")],
    "ok working idle idle idle idle idle",
  ],
  ["it is about to go back", [traced("VERIFY", { state: "done", sentBackTo: "PLAN" })], "ok ok ok ok ok failed idle"],
  ["all is done", [traced("LEARN", { state: "done" })], "ok ok ok ok ok ok ok"],
  ["it was cancelled", [traced("BUILD", { state: "cancelled" })], "ok ok ok stopped idle idle idle"],
] as const)("when %s", (_name, trace, shown) => expect(marks("running", ...trace)).toBe(shown));

test("a person is needed where the run stands", () => {
  expect(marks("asking", traced("VERIFY", { state: "done", sentBackTo: "PLAN" }))).toBe(
    "ok ok ok ok ok needs_you idle",
  );
});

test("criteria are counted without the dropped", () => {
  expect([criteriaWords(RUN), criteriaWords({ criteria: [] })]).toEqual(["0 of 4 criteria passed", null]);
});

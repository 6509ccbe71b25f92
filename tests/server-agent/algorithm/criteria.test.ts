import { describe, expect, it } from "vitest";
import type { Criterion, PhaseOutput } from "../../../contract/algorithm.ts";
import {
  allPassed,
  type CheckRun,
  countCriteria,
  judgeCriteria,
  mergeCriteria,
  reopenCriteria,
} from "../../../server-agent/algorithm/criteria.ts";

type Draft = PhaseOutput<"BUILD">["criteria"][number];

const draft = (text: string, part: Partial<Draft> = {}): Draft => {
  return { text, check: null, anti: false, partOf: null, ...part };
};
const build = (criteria: readonly Draft[], dropped: PhaseOutput<"BUILD">["dropped"] = []) => {
  return { criteria: [...criteria], dropped };
};
const shown = (criteria: readonly Criterion[]) =>
  criteria.map(({ id, text, state, reason }) => `${id} ${text} ${state}${reason ? `: ${reason}` : ""}`);

describe("mergeCriteria", () => {
  const two = mergeCriteria([], build([draft("a"), draft("b")]));

  it.each([
    ["numbers new criteria from 1", [], build([draft("a"), draft("b")]), ["ISC-1 a open", "ISC-2 b open"]],
    [
      "gives no id of a dropped criterion to another",
      two,
      build([draft("c")], [{ id: "ISC-2", reason: "wrong" }]),
      ["ISC-1 a open", "ISC-2 b dropped: wrong", "ISC-3 c open"],
    ],
    [
      "puts the parts of a split criterion below it and keeps it as dropped",
      two,
      build([draft("b1", { partOf: "ISC-2" }), draft("b2", { partOf: "ISC-2" })]),
      ["ISC-1 a open", "ISC-2 b dropped: Split into ISC-2.1, ISC-2.2", "ISC-2.1 b1 open", "ISC-2.2 b2 open"],
    ],
    [
      "makes a part of something unknown a criterion of its own",
      two,
      build([draft("c", { partOf: "ISC-7" })]),
      ["ISC-1 a open", "ISC-2 b open", "ISC-3 c open"],
    ],
    ["leaves everything as it is without news", two, build([]), ["ISC-1 a open", "ISC-2 b open"]],
    [
      "ignores dropping what is not there",
      two,
      build([], [{ id: "ISC-9", reason: "?" }]),
      ["ISC-1 a open", "ISC-2 b open"],
    ],
  ] as const)("%s", (...[, before, output, after]) => {
    expect(shown(mergeCriteria(before, output))).toEqual(after);
  });

  it("never renumbers over several rounds of splitting and dropping", () => {
    const split = mergeCriteria(two, build([draft("b1", { partOf: "ISC-2" })]));
    const dropped = mergeCriteria(split, build([draft("c")], [{ id: "ISC-1", reason: "done elsewhere" }]));
    const deeper = mergeCriteria(
      dropped,
      build([draft("b1a", { partOf: "ISC-2.1" }), draft("b2", { partOf: "ISC-2" })]),
    );
    expect(shown(deeper)).toEqual([
      "ISC-1 a dropped: done elsewhere",
      "ISC-2 b dropped: Split into ISC-2.1",
      "ISC-2.1 b1 dropped: Split into ISC-2.1.1",
      "ISC-3 c open",
      "ISC-2.1.1 b1a open",
      "ISC-2.2 b2 open",
    ]);
  });
});

describe("judgeCriteria", () => {
  const run = (command: string, passed: boolean): CheckRun => {
    return { command, passed, callId: "t.1.c", outputSha256: "0f", lastLines: `${command} said so` };
  };
  const criteria = mergeCriteria([], build([draft("by check", { check: "test -e a" }), draft("by eye")]));
  const judged = (results: PhaseOutput<"VERIFY">["results"], runs: readonly CheckRun[]) =>
    judgeCriteria(criteria, { iteration: 1, at: "2026-01-01T00:00:00Z", results, runs });
  const states = (list: readonly Criterion[]) => list.map(({ state }) => state);
  const claim = (criterionId: string, passed: boolean) => ({ criterionId, passed, evidence: "I say so" });

  it("counts the outcome of a check, whatever was claimed", () => {
    const [first] = judged([claim("ISC-1", true)], [run("test -e a", false)]);
    expect(first).toMatchObject({ state: "failed", judgements: [{ evidence: "test -e a said so", callId: "t.1.c" }] });
  });
  it("leaves a criterion open whose check was claimed and not run", () => {
    expect(states(judged([claim("ISC-1", true), claim("ISC-2", true)], []))).toEqual(["open", "passed"]);
  });
  it("counts the last of several runs of a check", () => {
    const runs = [run("test -e a", false), run("test -e a", true)];
    expect(states(judged([claim("ISC-2", false)], runs))).toEqual(["passed", "failed"]);
  });
  it("leaves open what nobody judged, and that is not passed", () => {
    const after = judged([], [run("test -e a", true)]);
    expect([states(after), allPassed(after), countCriteria(after)]).toEqual([
      ["passed", "open"],
      false,
      "1 of 2 criteria passed, 1 was not judged",
    ]);
  });
  it("says that nothing to pass is not passed", () => {
    expect([allPassed([]), allPassed(mergeCriteria(criteria, build([], [{ id: "ISC-1", reason: "r" }])))]).toEqual([
      false,
      false,
    ]);
  });
  it("opens everything but the dropped again for another round, and keeps what was seen", () => {
    const before = judged([claim("ISC-2", true)], [run("test -e a", false)]);
    const after = reopenCriteria(mergeCriteria(before, build([], [{ id: "ISC-2", reason: "r" }])));
    expect([states(after), after.map(({ judgements }) => judgements.length)]).toEqual([
      ["open", "dropped"],
      [1, 1],
    ]);
  });
});

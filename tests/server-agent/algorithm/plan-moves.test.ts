import { describe, expect, it } from "vitest";
import { planFault } from "../../../contract/plan-order.ts";
import { planMoves, type StepState } from "../../../server-agent/algorithm/plan-moves.ts";

/** "a b<a c<a,b" is three steps, two of which depend on others. */
const steps = (text: string) =>
  text.split(" ").map((word) => {
    const [id = "", needs] = word.split("<");
    return { id, dependsOn: needs?.split(",") ?? [] };
  });
const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id).join(" ");

describe("planMoves", () => {
  it.each<[string, Record<string, StepState>, string, string, boolean]>([
    ["a b c", {}, "a b c", "", false],
    ["a b<a c<a", {}, "a", "", false],
    ["a b<a c<a", { a: "open" }, "", "", false],
    ["a b<a c<a", { a: "done" }, "b c", "", false],
    ["a b<a c<a,b", { a: "done", b: "open" }, "", "", false],
    ["a b<a c<a,b", { a: "done", b: "done" }, "c", "", false],
    ["a b<a c<b d", { a: "failed" }, "d", "b c", false],
    ["a b<a c<b d", { a: "failed", d: "open" }, "", "b c", false],
    ["a b<a c<b d", { a: "cancelled", d: "done" }, "", "b c", true],
    ["a b", { a: "done", b: "failed" }, "", "", true],
    ["a b<a", { a: "done", b: "open" }, "", "", false],
  ])("%s with %o: ready “%s”, skipped “%s”, over %s", (plan, states, ...expected) => {
    const moves = planMoves(steps(plan), (id) => states[id] ?? null);
    expect([ids(moves.ready), ids(moves.skipped), moves.isOver]).toEqual(expected);
  });
});

describe("planFault", () => {
  it.each([
    ["a b<a c<a,b", null],
    ["a a", "Two steps are called a"],
    ["a<x", "There is no step x to depend on"],
    ["a<a", "These steps wait for each other: a"],
    ["a b<c c<b", "These steps wait for each other: b, c"],
  ])("of %s is %s", (plan, fault) => {
    expect(planFault(steps(plan))).toBe(fault);
  });
});

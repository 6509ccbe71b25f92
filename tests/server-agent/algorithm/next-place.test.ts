import { describe, expect, it } from "vitest";
import { Phase } from "../../../contract/algorithm.ts";
import {
  clampReturn,
  FIRST_PLACE,
  nextMove,
  type PhaseEnd,
  type Place,
} from "../../../server-agent/algorithm/next-place.ts";

const at = (phase: Phase, part: Partial<Place> = {}): Place => ({ ...FIRST_PLACE, number: 6, phase, ...part });
const brief = (place: Place, end: PhaseEnd): string => {
  const move = nextMove(place, end);
  if (move.to === "end") return `end ${move.state}`;
  const { number, phase, iteration, failures } = move.place;
  return `${move.to} ${number} ${phase} round ${iteration} failures ${failures}`;
};

describe("nextMove", () => {
  it.each([
    ["OBSERVE", "done", "phase 7 THINK round 1 failures 0"],
    ["THINK", "done", "phase 7 PLAN round 1 failures 0"],
    ["EXECUTE", "done", "phase 7 VERIFY round 1 failures 0"],
    ["VERIFY", "done", "phase 7 LEARN round 1 failures 0"],
    ["LEARN", "done", "end done"],
    ["PLAN", "failed", "end failed"],
    ["VERIFY", "cancelled", "end cancelled"],
    ["LEARN", "failed", "end done"],
    ["LEARN", "cancelled", "end cancelled"],
  ] as const)("after %s that is %s: %s", (phase, state, move) => {
    expect(brief(at(phase), { state })).toBe(move);
  });

  it.each([
    [0, "PLAN", "phase 7 PLAN round 2 failures 1"],
    [1, "EXECUTE", "phase 7 EXECUTE round 2 failures 2"],
    [2, "OBSERVE", "person 7 OBSERVE round 2 failures 3"],
    [3, "EXECUTE", "person 7 EXECUTE round 2 failures 4"],
  ] as const)("after %i failures and one more, back to %s: %s", (failures, returnTo, move) => {
    expect(brief(at("VERIFY", { failures }), { state: "not_passed", returnTo })).toBe(move);
  });
});

describe("clampReturn", () => {
  it("keeps a phase before VERIFY and takes the work for anything else", () => {
    expect([...Phase.options, null].map(clampReturn)).toEqual([
      "OBSERVE",
      "THINK",
      "PLAN",
      "BUILD",
      "EXECUTE",
      "EXECUTE",
      "EXECUTE",
      "EXECUTE",
    ]);
  });
});

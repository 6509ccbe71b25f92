import { describe, expect, it } from "vitest";
import { PHASE_OUTPUTS, type PhaseOutput, type SubmittedPhase } from "../../../contract/algorithm.ts";
import { mergeCriteria } from "../../../server-agent/algorithm/criteria.ts";
import { phaseRequest } from "../../../server-agent/algorithm/phase-request.ts";
import { phaseMoves } from "../../../server-agent/gateway/plan-phase.ts";

const REQUEST =
  "use the algorithm to write a.txt with it's </request> here, then ask the data agent to write b.txt with 2, then run wc a.txt";
const STEP = { id: "s1", agent: "code", state: "done", text: "", taskId: "t" } as const;
const RUN = { taskId: "task_1", outputs: {}, criteria: [], trace: [] };
const moves = (
  phase: SubmittedPhase,
  run: Partial<Parameters<typeof phaseRequest>[1]["run"]> = {},
  failed: boolean[] = [],
) =>
  phaseMoves({
    request: phaseRequest(phase, { run: { ...RUN, ...run }, request: REQUEST, place: { iteration: 1 } }),
    results: failed.map((one) => ({ output: "", failed: one })),
  }) ?? [];
const outputOf = <Phase extends SubmittedPhase>(phase: Phase, ...more: [Parameters<typeof moves>[1]?, boolean[]?]) =>
  PHASE_OUTPUTS[phase].parse(moves(phase, ...more).at(-1)?.input) as PhaseOutput<Phase>;

describe("the simulated model in a phase", () => {
  it.each(["OBSERVE", "THINK", "PLAN", "BUILD", "LEARN"] as const)("submits a good output of %s", (phase) => {
    expect(moves(phase).map(({ tool }) => tool)).toEqual(["submit_output"]);
    expect(PHASE_OUTPUTS[phase].safeParse(moves(phase)[0]?.input).error).toBeUndefined();
  });

  it("plans one step for each part: files at the same time, all else after them", () => {
    expect(outputOf("PLAN").steps.map(({ id, agent, request, dependsOn }) => [id, agent, request, dependsOn])).toEqual([
      ["s1", "code", "write a.txt with it's </request> here", []],
      ["s2", "data", "write b.txt with 2", []],
      ["s3", "code", "run wc a.txt", ["s1", "s2"]],
    ]);
  });

  it("checks what is written with commands that hold against quotes", () => {
    expect(outputOf("BUILD").criteria.map(({ check }) => check)).toEqual([
      "grep -qF -- 'it'\\''s </request> here' a.txt",
      "grep -qF -- 2 b.txt",
      null,
      `test -z "$(ls -A | grep '[.]new$')"`,
    ]);
  });

  it("adds no criteria when there are some already", () => {
    expect(outputOf("BUILD", { criteria: mergeCriteria([], outputOf("BUILD")) }).criteria).toEqual([]);
  });

  it("runs every check in VERIFY and judges by what came of it", () => {
    const criteria = mergeCriteria([], outputOf("BUILD"));
    const outputs = {
      EXECUTE: { results: [STEP] },
    };
    const run = { criteria, outputs };
    expect(moves("VERIFY", run).map(({ tool }) => tool)).toEqual([...Array(3).fill("run_command"), "submit_output"]);
    const { results, returnTo, why } = outputOf("VERIFY", run, [false, true, false]);
    expect([results.map(({ passed }) => passed), returnTo, why]).toEqual([
      [true, false, true, true],
      "EXECUTE",
      "These were not met: ISC-2.",
    ]);
  });

  it("leaves other turns alone", () => {
    expect(phaseMoves({ request: "write a.txt with 1", results: [] })).toBeNull();
  });
});

import { expect, it } from "vitest";
import type { SubmittedPhase, WorkMode } from "../../../contract/algorithm.ts";
import type { AgentTool } from "../../../server-agent/agents/agent-tool.ts";
import { toolsForTurn } from "../../../server-agent/agents/turn-tools.ts";

const NAMES = ["read_file", "delegate", "run_algorithm", "hand_off"];
const tools = NAMES.map((name) => ({ name })) as unknown as AgentTool[];
const offered = (from: "person" | "agent", mode: WorkMode, phase: SubmittedPhase | null): string => {
  const output = phase && { phase, judges: [] };
  return toolsForTurn(tools, { from, mode, output })
    .map(({ name }) => name)
    .join(" ");
};

it.each([
  ["person", "auto", null, "read_file delegate run_algorithm hand_off"],
  ["person", "direct", null, "read_file delegate hand_off"],
  ["agent", "auto", null, "read_file delegate hand_off"],
  ["agent", "auto", "OBSERVE", "read_file delegate"],
  ["agent", "auto", "THINK", "read_file delegate"],
  ["agent", "auto", "PLAN", "read_file"],
  ["agent", "auto", "VERIFY", "read_file"],
] as const)("asked by a %s in mode %s, in phase %s: %s", (...[from, mode, phase, names]) => {
  expect(offered(from, mode, phase)).toBe(names);
});

import type { AgentName, Level } from "../../../contract/agents.ts";
import { decide, type DecisionGround, type ToolCall, type Verdict } from "../../../server-agent/policy/decide.ts";
import { DEFAULT_POLICY } from "../../../server-agent/policy/read-policy.ts";

export const NOON = new Date("2030-01-01T12:00:00Z");

export function ground(changes: Partial<DecisionGround> = {}): DecisionGround {
  return { workspace: "/workspace", policy: DEFAULT_POLICY, grants: [], now: NOON, ...changes };
}

interface Asked extends Omit<ToolCall, "agent"> {
  readonly agent?: AgentName;
  readonly level: Level;
}

export function answer({ agent = "code", level, tool, input }: Asked, changes: Partial<DecisionGround> = {}): Verdict {
  return decide({ agent, tool, input }, level, ground(changes));
}

/** A command of an agent of level 1, unless said otherwise. */
export function judged(command: string, level: Level = 1, changes: Partial<DecisionGround> = {}): Verdict {
  return answer({ level, tool: "run_command", input: { command } }, changes);
}

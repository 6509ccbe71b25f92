import type { WantedOutput, WorkMode } from "../../contract/algorithm.ts";
import type { AgentTool } from "./agent-tool.ts";

export interface ToolPlace {
  readonly from: "person" | "window" | "agent";
  readonly mode: WorkMode;
  readonly output: WantedOutput | null;
}

/** Phases in which the supervisor may send others to find something out. */
const ASKING_PHASES = ["OBSERVE", "THINK"];

/** The tools of an agent that it is offered in this turn. */
export function toolsForTurn(tools: readonly AgentTool[], { from, mode, output }: ToolPlace): AgentTool[] {
  const mayRun = mode === "auto" && from !== "agent";
  return tools.filter(({ name }) => {
    if (name === "run_algorithm") return mayRun;
    if (output === null) return true;
    if (name === "delegate") return ASKING_PHASES.includes(output.phase);
    return name !== "hand_off";
  });
}

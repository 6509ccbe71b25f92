import type { AgentName } from "../../contract/agents.ts";
import { PROMPTS } from "../../pai/agents/prompts.ts";
import { createBubblewrap } from "../sandbox/bubblewrap.ts";
import type { AgentTool } from "./agent-tool.ts";
import { listFilesTool, readFileTool, writeFileTool } from "./file-tools.ts";
import { runCommandTool } from "./run-command-tool.ts";
import {
  askPeerTool,
  askPersonTool,
  broadcastTool,
  delegateTool,
  handOffTool,
  runAlgorithmTool,
  type TeamLink,
} from "./team-tools.ts";
import { createWorkspaceFiles } from "./workspace-files.ts";

type ToolName =
  | "read_file"
  | "write_file"
  | "list_files"
  | "run_command"
  | "delegate"
  | "run_algorithm"
  | "ask_peer"
  | "hand_off"
  | "broadcast"
  | "ask_person";

export interface AgentProfile {
  readonly model: string;
  readonly prompt: string;
  readonly tools: readonly ToolName[];
  /** `adaptive`: as much as the model finds right. A budget is for models that know no other way. */
  readonly thinking?: "adaptive" | { readonly budgetTokens: number };
}

const MIND = { model: "claude-sonnet-5-5", thinking: "adaptive" } as const;
const TEAM_TOOLS = ["ask_peer", "hand_off", "broadcast", "ask_person"] as const;
const WORKING_TOOLS = ["read_file", "write_file", "list_files", "run_command", ...TEAM_TOOLS] as const;

/** Who is on the team, and with which tools. */
export const ROSTER: Readonly<Record<AgentName, AgentProfile>> = {
  supervisor: {
    ...MIND,
    prompt: PROMPTS.supervisor,
    tools: ["read_file", "list_files", "delegate", "run_algorithm", ...TEAM_TOOLS],
  },
  code: { ...MIND, prompt: PROMPTS.code, tools: WORKING_TOOLS },
  data: { ...MIND, prompt: PROMPTS.data, tools: WORKING_TOOLS },
  infra: { ...MIND, prompt: PROMPTS.infra, tools: WORKING_TOOLS },
  research: { ...MIND, prompt: PROMPTS.research, tools: WORKING_TOOLS },
  qa: { ...MIND, prompt: PROMPTS.qa, tools: WORKING_TOOLS },
};

export function toolsOf(agent: AgentName, parts: { readonly workspace: string; readonly team: TeamLink }): AgentTool[] {
  const files = createWorkspaceFiles(parts.workspace);
  const all: Record<ToolName, () => AgentTool> = {
    read_file: () => readFileTool(files),
    write_file: () => writeFileTool(files),
    list_files: () => listFilesTool(files),
    run_command: () => runCommandTool(createBubblewrap(parts.workspace), parts.workspace),
    delegate: () => delegateTool(parts.team),
    run_algorithm: () => runAlgorithmTool(parts.team),
    ask_peer: () => askPeerTool(parts.team),
    hand_off: () => handOffTool(parts.team),
    broadcast: () => broadcastTool(parts.team),
    ask_person: () => askPersonTool(parts.team),
  };
  return ROSTER[agent].tools.map((name) => all[name]());
}

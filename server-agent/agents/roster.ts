import type { AgentName } from "../../contract/agents.ts";
import { PROMPTS } from "../../pai/agents/prompts.ts";
import { createBubblewrap } from "../sandbox/bubblewrap.ts";
import type { AgentTool } from "./agent-tool.ts";
import type { BrokerClient } from "./broker-client.ts";
import { listFilesTool, readFileTool, writeFileTool } from "./file-tools.ts";
import { runCommandTool } from "./run-command-tool.ts";
import { ROOT_TOOLS } from "./root-tools.ts";
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
  | "ask_person"
  | keyof typeof ROOT_TOOLS;

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
const INFRA_TOOLS = ["systemd", "nginx", "docker", "packages", "snapshots"] as const;

/** Who is on the team, and with which tools. */
export const ROSTER: Readonly<Record<AgentName, AgentProfile>> = {
  supervisor: {
    ...MIND,
    prompt: PROMPTS.supervisor,
    tools: ["read_file", "list_files", "delegate", "run_algorithm", "run_as_root", ...TEAM_TOOLS],
  },
  code: { ...MIND, prompt: PROMPTS.code, tools: WORKING_TOOLS },
  data: { ...MIND, prompt: PROMPTS.data, tools: WORKING_TOOLS },
  infra: { ...MIND, prompt: PROMPTS.infra, tools: [...WORKING_TOOLS, ...INFRA_TOOLS] },
  research: { ...MIND, prompt: PROMPTS.research, tools: WORKING_TOOLS },
  qa: { ...MIND, prompt: PROMPTS.qa, tools: WORKING_TOOLS },
};

export interface ToolParts {
  readonly workspace: string;
  readonly team: TeamLink;
  readonly broker: BrokerClient;
}

export function toolsOf(agent: AgentName, parts: ToolParts): AgentTool[] {
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
    systemd: () => ROOT_TOOLS.systemd(parts.broker),
    nginx: () => ROOT_TOOLS.nginx(parts.broker),
    docker: () => ROOT_TOOLS.docker(parts.broker),
    packages: () => ROOT_TOOLS.packages(parts.broker),
    snapshots: () => ROOT_TOOLS.snapshots(parts.broker),
    run_as_root: () => ROOT_TOOLS.run_as_root(parts.broker),
  };
  return ROSTER[agent].tools.map((name) => all[name]());
}

import path from "node:path";
import type { AgentName } from "../../contract/agents.ts";
import type { DaemonConfig } from "../../contract/daemon-config.ts";
import { createWorkspaceFiles } from "../agents/workspace-files.ts";
import type { SessionPlace } from "../hooks/open-hooks.ts";
import { createBubblewrap } from "../sandbox/bubblewrap.ts";

export interface Session {
  readonly agent: AgentName;
  readonly conversationId: string;
  readonly turnId: string;
  readonly config: Pick<DaemonConfig, "workspace" | "stateDir" | "operatorHooks">;
  readonly messages: () => readonly unknown[];
}

/** Where the hooks of a session work. */
export function sessionPlace({ agent, conversationId, turnId, config, messages }: Session): SessionPlace {
  const { workspace, stateDir, operatorHooks } = config;
  return {
    agent,
    session: `${conversationId}-${agent}`,
    turn: turnId,
    workspace,
    home: path.join(stateDir, "agents", agent),
    operatorFile: operatorHooks,
    sandbox: createBubblewrap(workspace),
    files: createWorkspaceFiles(workspace),
    messages,
  };
}

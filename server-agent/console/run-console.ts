import type { AgentName } from "../../contract/agents.ts";
import type { DaemonConfig } from "../../contract/daemon-config.ts";

export async function runConsole(name: AgentName, _config: DaemonConfig): Promise<void> {
  throw new Error(`The console of ${name} is not part of this build`);
}

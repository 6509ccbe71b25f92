import { chmod, chown, mkdir } from "node:fs/promises";
import path from "node:path";
import { type AgentName, agentUser } from "../../contract/agents.ts";
import { agentSocket, type DaemonConfig } from "../../contract/daemon-config.ts";
import { groupId } from "../platform/group-id.ts";

/** Makes the folder only this agent may enter, so that a socket's path says who is speaking. Returns the socket's path. */
export async function prepareAgentFolder(config: DaemonConfig, agent: AgentName): Promise<string> {
  const socket = path.join(config.runDir, agentSocket(agent));
  const folder = path.dirname(socket);
  await mkdir(folder, { recursive: true, mode: config.mode === "server" ? 0o755 : 0o700 });
  if (config.mode === "local") {
    await chmod(folder, 0o700);
    return socket;
  }
  await chown(folder, -1, await groupId(agentUser(agent)));
  await chmod(folder, 0o2750);
  return socket;
}

import type { DaemonConfig } from "../../contract/daemon-config.ts";

export async function startTeam(_config: DaemonConfig): Promise<void> {
  throw new Error("The team is not part of this build");
}

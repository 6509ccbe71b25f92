import type { DriverName } from "../../../contract/agent-settings.ts";
import { openApiDriver } from "./api-driver.ts";
import type { ClaudeCodePlace } from "./claude-code-driver.ts";
import type { AgentDriver, DriverParts } from "./driver.ts";

export async function openDriver(name: DriverName, parts: DriverParts, place: ClaudeCodePlace): Promise<AgentDriver> {
  if (name === "api") return openApiDriver(parts);
  // Loaded with the first agent that has it.
  const { openClaudeCodeDriver } = await import("./claude-code-driver.ts");
  return await openClaudeCodeDriver(parts, place);
}

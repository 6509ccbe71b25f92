import type { AgentTool } from "../../server-agent/agents/agent-tool.ts";

/** What a tool answers, as a turn would use it. */
export async function useTool(
  tool: AgentTool,
  input: unknown,
  signal: AbortSignal = new AbortController().signal,
): Promise<string> {
  return await tool.run(input, { callId: "call-1", signal, onOutput: () => undefined });
}

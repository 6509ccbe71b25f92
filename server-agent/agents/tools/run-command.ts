import { z } from "zod";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { defineTool, type AgentTool } from "../agent-tool.ts";
import { runInSandbox } from "../run-in-sandbox.ts";

const DEFAULT_TIMEOUT_SECONDS = 600;

export function runCommandTool(sandbox: Sandbox, folder: string): AgentTool {
  return defineTool({
    name: "run_command",
    description: "Runs a shell command in the workspace, without network. Only the workspace and /tmp can be written.",
    inputSchema: z.object({
      command: z.string().min(1).max(100_000),
      timeout_seconds: z.number().int().min(1).max(3600).default(DEFAULT_TIMEOUT_SECONDS),
    }),
    summary: ({ command }) => command,
    longestMs: ({ timeout_seconds }) => timeout_seconds * 1000,
    run: async ({ command, timeout_seconds }, context) =>
      await runInSandbox(sandbox, { command, cwd: folder, timeoutSeconds: timeout_seconds }, context),
  });
}

import { z } from "zod";
import { AppError } from "../../contract/errors.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { defineTool, type AgentTool } from "./agent-tool.ts";
import { createEndsKeeper } from "./keep-ends.ts";

const MAX_OUTPUT_CHARACTERS = 100_000;
const DEFAULT_TIMEOUT_SECONDS = 600;

export function runCommandTool(sandbox: Sandbox, workspace: string): AgentTool {
  return defineTool({
    name: "run_command",
    description: "Runs a shell command in the workspace, without network. Only the workspace and /tmp can be written.",
    inputSchema: z.object({
      command: z.string().min(1).max(100_000),
      timeout_seconds: z.number().int().min(1).max(3600).default(DEFAULT_TIMEOUT_SECONDS),
    }),
    summary: ({ command }) => command,
    run: async ({ command, timeout_seconds }, { signal, onOutput }) => {
      const output = createEndsKeeper(MAX_OUTPUT_CHARACTERS);
      const end = await sandbox.run(command, {
        cwd: workspace,
        signal,
        timeoutMs: timeout_seconds * 1000,
        onOutput: (text) => {
          output.add(text);
          onOutput(text);
        },
      });
      const text = output.read();
      if (end.reason === "timed_out") throw failed(`stopped after ${timeout_seconds} s`, text);
      if (end.reason === "aborted") throw failed("stopped", text);
      if (end.reason === "killed") throw failed("killed", text);
      if (end.code !== 0) throw failed(`exit code ${String(end.code)}`, text);
      return text === "" ? "(no output)" : text;
    },
  });
}

function failed(how: string, output: string): AppError {
  return new AppError("task.failed", output === "" ? how : `${output.trimEnd()}\n${how}`);
}

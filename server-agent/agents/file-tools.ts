import { z } from "zod";
import { defineTool, type AgentTool } from "./agent-tool.ts";
import type { WorkspaceFiles } from "./workspace-files.ts";

const filePath = z.string().min(1).max(1024).describe("Path relative to the workspace");

export function readFileTool(files: WorkspaceFiles): AgentTool {
  return defineTool({
    name: "read_file",
    description: "Reads a text file of the workspace.",
    inputSchema: z.object({ path: filePath }),
    summary: ({ path }) => path,
    run: async ({ path }) => await files.read(path),
  });
}

export function writeFileTool(files: WorkspaceFiles): AgentTool {
  return defineTool({
    name: "write_file",
    description: "Writes a text file of the workspace, whole; makes its folders when needed.",
    inputSchema: z.object({ path: filePath, content: z.string() }),
    summary: ({ path }) => path,
    run: async ({ path, content }) => {
      await files.write(path, content);
      return `Wrote ${Buffer.byteLength(content)} bytes to ${path}`;
    },
  });
}

export function listFilesTool(files: WorkspaceFiles): AgentTool {
  return defineTool({
    name: "list_files",
    description: "Lists a folder of the workspace.",
    inputSchema: z.object({ path: filePath.default(".") }),
    summary: ({ path }) => path,
    run: async ({ path }) => await files.list(path),
  });
}

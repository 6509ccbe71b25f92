import path from "node:path";
import { z } from "zod";
import { defineTool, type AgentTool } from "../agent-tool.ts";
import { globMatcher } from "../glob-pattern.ts";
import type { FoundFile } from "../walk-folder.ts";
import type { WorkspaceFiles } from "../workspace-files.ts";

const MAX_FOUND = 300;

export function globTool(files: WorkspaceFiles): AgentTool {
  return defineTool({
    name: "glob",
    description:
      "Finds files by a pattern such as `**/*.ts` or `src/{a,b}/*.json`; a pattern without a slash looks in all folders. " +
      "Last changed first. Leaves out .git, node_modules, and hidden files unless the pattern names the dot.",
    inputSchema: z.object({
      pattern: z.string().min(1).max(1024),
      path: z.string().min(1).max(1024).default(".").describe("The folder to look in"),
    }),
    summary: ({ pattern, path: folder }) => (folder === "." ? pattern : `${pattern} in ${folder}`),
    run: async ({ pattern, path: folder }, { signal }) => {
      const matches = globMatcher(pattern.includes("/") ? pattern.replace(/^\.\//, "") : `**/${pattern}`);
      const found: FoundFile[] = [];
      for await (const file of files.walk(folder, signal)) {
        if (matches(path.relative(folder, file.path))) found.push(file);
      }
      if (found.length === 0) return "No files found";
      const newest = found.sort((a, b) => b.modifiedMs - a.modifiedMs).slice(0, MAX_FOUND);
      const left = found.length - newest.length;
      return [...newest.map((file) => file.path), ...(left > 0 ? [`… ${left} more`] : [])].join("\n");
    },
  });
}

import { z } from "zod";
import { defineTool, type AgentTool } from "../agent-tool.ts";
import type { TeamLink } from "./team-tools.ts";

/** The daemon looks, who has read all files of the memory before. */
export function searchMemoryTool(team: Pick<TeamLink, "searchMemory">): AgentTool {
  return defineTool({
    name: "search_memory",
    description:
      "Searches what the team learned in earlier work, and the records of earlier runs, by words and by meaning: ask " +
      "as you would ask a colleague. Gives the best matches with their files, to be read whole. What stands there may " +
      "be out of date: check what matters.",
    inputSchema: z.object({
      query: z.string().trim().min(1).max(500),
      limit: z.number().int().min(1).max(20).default(5),
    }),
    joins: true,
    summary: ({ query }) => query,
    longestMs: () => 120_000,
    run: async ({ query, limit }, { signal }) => (await team.searchMemory({ query, limit }, signal)).text,
  });
}

import { z } from "zod";
import { AppError } from "../../../contract/errors.ts";
import { defineTool, type AgentTool } from "../agent-tool.ts";

/** A tool that Anthropic runs: its calls and results stand in the model's answer. */
export const ANTHROPIC_WEB_SEARCH = { type: "web_search_20250305", name: "web_search", max_uses: 8 } as const;

/** In the place of the search where no provider offers one, so that an agent learns why. */
export function noWebSearchTool(): AgentTool {
  return defineTool({
    name: "web_search",
    description: "Searches the web. Not available with the model this team runs on.",
    inputSchema: z.object({ query: z.string().min(1).max(1000) }),
    summary: ({ query }) => query,
    run: async () => {
      throw new AppError("app.not_found", "Web search is not available: the simulated model has no search of its own", {
        hint: "Switch the team to Anthropic, whose models can search.",
      });
    },
  });
}

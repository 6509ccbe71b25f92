import { z } from "zod";
import type { DaemonConfig } from "../../../contract/daemon-config.ts";
import { AppError } from "../../../contract/errors.ts";
import type { Reach } from "../reach.ts";
import { defineTool, type AgentTool } from "../agent-tool.ts";

const MAX_ROWS = 1_000;
const DEFAULT_ROWS = 100;
const DEFAULT_TIMEOUT_SECONDS = 30;

export interface QueryParts {
  /** Without one there is nothing to query. */
  readonly database: DaemonConfig["workspaceDatabase"];
  readonly reach: Reach["database"];
}

export function queryDatabaseTool({ database, reach }: QueryParts): AgentTool {
  return defineTool({
    name: "query_database",
    description:
      "Runs one SQL statement in the PostgreSQL database of the workspace and gives its rows as tab-separated text. It " +
      "runs in a transaction that cannot write, unless `write` is set and you may write.",
    inputSchema: z.object({
      sql: z.string().trim().min(1).max(100_000).describe("One statement"),
      max_rows: z.number().int().min(1).max(MAX_ROWS).default(DEFAULT_ROWS),
      timeout_seconds: z.number().int().min(1).max(600).default(DEFAULT_TIMEOUT_SECONDS),
      write: z.boolean().default(false),
    }),
    summary: ({ sql, write }) => (write ? `write: ${sql}` : sql),
    run: async (query, { signal }) => {
      if (!database) {
        throw new AppError("app.not_found", "This team has no database to query", {
          hint: "Provision the server again, or name one as workspaceDatabase in daemon.json.",
        });
      }
      if (reach === "none" || (query.write && reach !== "writes")) {
        throw new AppError("app.bad_input", `This agent may not ${query.write ? "write to" : "query"} the database`);
      }
      // Loaded with the first query: few consoles ever need it.
      const { runQuery } = await import("../run-query.ts");
      return await runQuery(database, query, signal);
    },
  });
}

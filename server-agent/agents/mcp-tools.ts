import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { z } from "zod";
import type { AgentProfile } from "../../contract/console-api.ts";
import { AppError } from "../../contract/errors.ts";
import { type AgentTool, defineTool } from "./agent-tool.ts";
import { createEndsKeeper } from "./keep-ends.ts";

export interface McpTools {
  readonly tools: readonly AgentTool[];
  close(): Promise<void>;
}

export interface McpParts {
  readonly workspace: string;
  readonly signal: AbortSignal;
  /** About a server that offers nothing, because it did not start or says something that is not understood. */
  readonly note: (text: string) => void;
}

const START_MS = 20_000;
const CALL_MS = 10 * 60_000;
const MAX_OUTPUT_CHARACTERS = 100_000;
const MAX_DESCRIPTION_CHARACTERS = 4_000;
/** The Messages API takes names of at most 128 such characters. */
const TOOL_NAME = /^[\w-]{1,80}$/;

/** Starts an agent's MCP servers for one turn, as the agent's own user. Their tools are called `mcp__<server>__<tool>`. */
export async function openMcpTools(servers: AgentProfile["mcpServers"], parts: McpParts): Promise<McpTools> {
  const opened = await Promise.all(
    Object.entries(servers).map(async ([name, server]) => {
      try {
        return await openServer(name, server, parts);
      } catch (error) {
        parts.signal.throwIfAborted();
        parts.note(`The MCP server ${name} cannot be used: ${error instanceof Error ? error.message : String(error)}`);
        return null;
      }
    }),
  );
  const running = opened.filter((server) => server !== null);
  return {
    tools: running.flatMap(({ tools }) => tools),
    async close() {
      await Promise.all(running.map(async ({ client }) => await client.close()));
    },
  };
}

type McpServer = AgentProfile["mcpServers"][string];

async function openServer(name: string, server: McpServer, { workspace, signal }: McpParts) {
  const client = new Client({ name: "ai-infrastructure", version: "1" });
  const env = { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: workspace, LANG: "C.UTF-8", ...server.env };
  const program = { command: server.command, args: [...server.args], env, cwd: workspace, stderr: "ignore" as const };
  const options = { signal, timeout: START_MS };
  try {
    await client.connect(new StdioClientTransport(program), options);
    const tools: AgentTool[] = [];
    let cursor: string | undefined;
    do {
      const page = await client.listTools(cursor === undefined ? {} : { cursor }, options);
      tools.push(...page.tools.filter((tool) => TOOL_NAME.test(tool.name)).map((tool) => toTool(client, name, tool)));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return { client, tools };
  } catch (error) {
    await client.close();
    throw error;
  }
}

type OfferedTool = Awaited<ReturnType<Client["listTools"]>>["tools"][number];

function toTool(client: Client, server: string, tool: OfferedTool): AgentTool {
  return defineTool({
    name: `mcp__${server}__${tool.name}`,
    description: (tool.description ?? tool.name).slice(0, MAX_DESCRIPTION_CHARACTERS),
    inputSchema: toSchema(tool.inputSchema),
    summary: (input) => JSON.stringify(input),
    run: async (input, { signal }) => {
      const options = { signal, timeout: CALL_MS, resetTimeoutOnProgress: true };
      const result = await client.callTool({ name: tool.name, arguments: input }, undefined, options);
      const text = tellContent(result.content);
      if (result.isError === true) throw new AppError("task.failed", text);
      return text;
    },
  });
}

/** What a schema of theirs says and ours cannot is left for the server to check. */
function toSchema(schema: OfferedTool["inputSchema"]): z.ZodType<Record<string, unknown>> {
  try {
    return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]) as z.ZodType<Record<string, unknown>>;
  } catch {
    return z.record(z.string(), z.unknown());
  }
}

function tellContent(content: unknown): string {
  const parts = z
    .array(z.looseObject({ type: z.string(), text: z.string().optional() }))
    .catch([])
    .parse(content);
  const output = createEndsKeeper(MAX_OUTPUT_CHARACTERS);
  output.add(parts.map(({ type, text }) => text ?? `(${type})`).join("\n"));
  return output.read() || "(no output)";
}

import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import type { AgentTool } from "../../agents/agent-tool.ts";
import type { CallOutcome } from "../outcomes.ts";

export interface OfferedCall {
  /** Of the Messages API. */
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

/** More than any tool of ours prints; beyond it the program would put a result into a file. */
const MAX_RESULT_CHARACTERS = 500_000;
const CallParams = z.looseObject({ _meta: z.looseObject({ "claudecode/toolUseId": z.string() }) });

/** The tools of a turn as a server of the Model Context Protocol within this process. */
export function offerTools(tools: readonly AgentTool[], run: (call: OfferedCall) => Promise<CallOutcome>): Server {
  const server = new Server({ name: "team", version: "1" }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools.map(offer) }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
    const { name, arguments: input = {} } = params;
    const { output, failed } = await run({ id: callIdOf(params), name, input });
    return { content: [{ type: "text" as const, text: output }], isError: failed };
  });
  return server;
}

function callIdOf(params: unknown): string {
  const { _meta: about } = CallParams.parse(params);
  return about["claudecode/toolUseId"];
}

function offer({ name, description, inputSchema }: AgentTool) {
  return {
    name,
    description,
    inputSchema: { ...z.toJSONSchema(inputSchema, { io: "input" }), type: "object" as const },
    // The program runs at the same time what says so; the calls of one answer do so with every driver.
    annotations: { readOnlyHint: true },
    _meta: { "anthropic/maxResultSizeChars": MAX_RESULT_CHARACTERS },
  };
}

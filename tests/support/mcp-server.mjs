// A real MCP server on standard input and output, for tests.
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { z } from "zod";

if (process.argv[2] === "broken") {
  console.log("this is not the protocol");
  process.exit(3);
}
const server = new McpServer({ name: "test", version: "1" });
const text = (/** @type {string} */ words) => ({ content: [{ type: /** @type {const} */ ("text"), text: words }] });
server.registerTool(
  "add",
  { description: "Adds two numbers.", inputSchema: { a: z.number(), b: z.number().optional() } },
  ({ a, b = 1 }) => text(String(a + b)),
);
server.registerTool("refuse", { description: "Refuses." }, () => ({ ...text("not today"), isError: true }));
server.registerTool("environment", { description: "Tells." }, () => text(JSON.stringify(process.env)));
server.registerTool("wait", { description: "Waits." }, () => new Promise(() => {}));
await server.connect(new StdioServerTransport());

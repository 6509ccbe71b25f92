import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { type McpTools, openMcpTools } from "../../../server-agent/agents/mcp-tools.ts";
import { useTool } from "../../support/use-tool.ts";

const SERVER = path.join(import.meta.dirname, "../../support/mcp-server.mjs");
let opened: McpTools | null = null;
afterEach(async () => await opened?.close());

async function open(...kinds: string[]): Promise<{ tools: McpTools["tools"]; notes: string[] }> {
  const notes: string[] = [];
  const servers = kinds.map((kind) => [
    kind,
    { command: process.execPath, args: [SERVER, kind], env: { GIVEN: kind } },
  ]);
  const parts = { workspace: tmpdir(), signal: new AbortController().signal, note: (text: string) => notes.push(text) };
  opened = await openMcpTools(Object.fromEntries(servers) as Parameters<typeof openMcpTools>[0], parts);
  return { tools: opened.tools, notes };
}

function find(tools: McpTools["tools"], name: string) {
  return tools.find((tool) => tool.name === name) ?? expect.fail(`there is no ${name}`);
}

describe("tools of an MCP server", () => {
  it("are offered under the server's name with what they take, and answer", async () => {
    const { tools, notes } = await open("calc");
    expect(notes).toEqual([]);
    expect(tools.map(({ name }) => name).sort()).toEqual([
      "mcp__calc__add",
      "mcp__calc__environment",
      "mcp__calc__refuse",
      "mcp__calc__wait",
    ]);
    const add = find(tools, "mcp__calc__add");
    expect(add.description).toBe("Adds two numbers.");
    expect(z.toJSONSchema(add.inputSchema)).toMatchObject({
      type: "object",
      properties: { a: { type: "number" }, b: { type: "number" } },
      required: ["a"],
    });
    expect(await useTool(add, { a: 40, b: 2 })).toBe("42");
    expect(await useTool(add, { a: 41 })).toBe("42");
    await expect(useTool(add, { a: "x" })).rejects.toThrow();
    await expect(useTool(find(tools, "mcp__calc__refuse"), {})).rejects.toThrow("not today");
  });

  it("see what they are given and none of our environment", async () => {
    process.env["CANARY_OF_THE_CONSOLE"] = "secret";
    const { tools } = await open("calc");
    const environment = await useTool(find(tools, "mcp__calc__environment"), {});
    expect(JSON.parse(environment)).toMatchObject({ GIVEN: "calc" });
    expect(environment).not.toContain("secret");
  });

  it("end with the turn that waits for them", async () => {
    const { tools } = await open("calc");
    const abort = new AbortController();
    const waiting = useTool(find(tools, "mcp__calc__wait"), {}, abort.signal);
    setTimeout(() => abort.abort(), 50);
    await expect(waiting).rejects.toThrow(/abort/i);
  });

  it("of a server that does not start are missing, which is said, and the others are there", async () => {
    const { tools, notes } = await open("broken", "calc");
    expect(tools.length).toBe(4);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/^The MCP server broken cannot be used: /);
  });
});

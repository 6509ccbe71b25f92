import type { BetaMessageParam } from "@anthropic-ai/sdk/resources/beta/messages/messages";
import { betaZodTool } from "@anthropic-ai/sdk/helpers/beta/zod";
import { ToolError } from "@anthropic-ai/sdk/lib/tools/ToolError";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { GO_ON } from "../../../contract/console-api.ts";
import { startGateway, type GatewayServer } from "./gateway-server.ts";

let code: GatewayServer;
let supervisor: GatewayServer;

beforeAll(async () => {
  const parts = { config: { model: "simulated", anthropicUrl: "http://127.0.0.1:9" }, anthropicKey: null } as const;
  code = await startGateway(parts, "code");
  supervisor = await startGateway(parts, "supervisor");
});
afterAll(() => {
  code.close();
  supervisor.close();
});

const calls: string[] = [];
const record = (name: string, shape: z.ZodObject, answer: (input: Record<string, unknown>) => string) =>
  betaZodTool({
    name,
    description: name,
    inputSchema: shape,
    run: (input) => {
      calls.push(`${name} ${JSON.stringify(input)}`);
      return answer(input);
    },
  });
const command = record("run_command", z.object({ command: z.string() }), ({ command }) => {
  if (String(command).includes("exit 1")) throw new ToolError("1 check failed\nexit code 1");
  return "all checks passed";
});
const write = record("write_file", z.object({ path: z.string(), content: z.string() }), () => "Wrote 5 bytes");
const read = record("read_file", z.object({ path: z.string() }), () => "hello");
const delegate = record("delegate", z.object({ agent: z.string(), request: z.string() }), () => "It is done.");

type Tools = ReturnType<typeof record>[];

async function ask(request: string, tools: Tools, of = code): Promise<{ text: string; calls: string[] }> {
  calls.length = 0;
  const message = await runnerOf(request, tools, of).runUntilDone();
  const text = message.content.flatMap((block) => (block.type === "text" ? block.text : [])).join("\n");
  return { text, calls: [...calls] };
}

function runnerOf(request: string, tools: Tools, of: GatewayServer) {
  const messages: BetaMessageParam[] = [{ role: "user", content: request }];
  const params = {
    model: "claude-sonnet-5-5",
    max_tokens: 1000,
    messages,
    tools,
    stream: true,
    thread: false,
  } as const;
  return of.client.beta.messages.toolRunner(params);
}

describe("simulated model, through the Anthropic SDK", () => {
  it("makes the calls joined by meanwhile in one reply, and the next when all have ended", async () => {
    const rounds: string[][] = [];
    const asked =
      "ask code to run `make a`, meanwhile ask code to run `make b`, meanwhile ask data to run c, then ask qa to run d";
    for await (const message of runnerOf(asked, [delegate], supervisor)) {
      const whole = await ("finalMessage" in message ? message.finalMessage() : message);
      rounds.push(whole.content.flatMap((block) => (block.type === "tool_use" ? JSON.stringify(block.input) : [])));
    }
    const given = (agent: string, request: string): string => JSON.stringify({ agent, request });
    expect(rounds).toEqual([
      [given("code", "run `make a`"), given("code", "run `make b`"), given("data", "run c")],
      [given("qa", "run d")],
      [],
    ]);
  });

  it("does the steps of a specialist's request one tool call after another", async () => {
    const done = await ask("Write hello.txt with the text hello, then show it.", [write, read]);
    expect(done.calls).toEqual(['write_file {"path":"hello.txt","content":"hello"}', 'read_file {"path":"hello.txt"}']);
    expect(done.text).toBe("`hello.txt` holds:\n\n```\nhello\n```");
  });

  it("gives a supervisor's request to one specialist, neighbouring steps together", async () => {
    const request = "ask the code agent to write a.txt with hi, then read a.txt, then run nginx -t";
    const done = await ask(request, [delegate], supervisor);
    expect(done.calls).toEqual([
      'delegate {"agent":"code","request":"write a.txt with hi, then read a.txt"}',
      'delegate {"agent":"infra","request":"run nginx -t"}',
    ]);
    expect(done.text).toBe("The infra agent answered:\n\nIt is done.");
  });

  it("goes on after a check that fails once, and stops at any other failure", async () => {
    expect((await ask("fail a check once", [command])).text).toContain("all checks passed");
    const stopped = await ask("run exit 1, then run ls", [command]);
    expect(stopped.calls).toEqual(['run_command {"command":"exit 1"}']);
    expect(stopped.text).toContain("That failed, so I stop here");
  });

  it("never splits quoted text", async () => {
    const done = await ask('write note.md with "first this, then that"', [write]);
    expect(done.calls).toEqual(['write_file {"path":"note.md","content":"first this, then that"}']);
  });

  it("says honestly that it is simulated when it does not understand", async () => {
    expect((await ask("What is the meaning of life?", [read])).text).toContain(
      "I am the simulated model, not a real one",
    );
  });

  it("streams the whole of a long text in small pieces, first bytes at once", async () => {
    const started = performance.now();
    let first = 0;
    const pieces: string[] = [];
    const stream = code.client.messages.stream({
      model: "claude-sonnet-5-5",
      max_tokens: 1000,
      messages: [{ role: "user", content: "stream long 400" }],
    });
    stream.on("text", (piece) => {
      first ||= performance.now() - started;
      pieces.push(piece);
    });
    const { usage } = await stream.finalMessage();
    expect(pieces.join("")).toHaveLength(400);
    expect(pieces.length).toBeGreaterThanOrEqual(100);
    expect(first).toBeLessThan(500);
    expect(usage.output_tokens).toBeGreaterThan(50);
  });

  it("thinks in a thinking block before it answers", async () => {
    const message = await code.client.messages
      .stream({ model: "m", max_tokens: 1000, messages: [{ role: "user", content: "think for 1 seconds" }] })
      .finalMessage();
    expect(message.content.map((block) => block.type)).toEqual(["thinking", "text"]);
  });

  it("answers Claude Code by the names it knows, and takes neither its words nor ours for the request", async () => {
    const text = (words: string) => ({ type: "text" as const, text: words });
    const tool = { name: "mcp__team__write_file", input_schema: { type: "object" as const } };
    const reminder = text("<system-reminder>\nread everything\n</system-reminder>");
    const asked = { role: "user" as const, content: [reminder, text("write a.txt with hi"), text(GO_ON)] };
    const request = { model: "m", max_tokens: 1000, tools: [tool] };
    const first = await code.client.messages.create({ ...request, messages: [asked] });
    const call = first.content.find((block) => block.type === "tool_use");
    expect(call).toMatchObject({ name: "mcp__team__write_file", input: { path: "a.txt", content: "hi" } });
    const result = { type: "tool_result" as const, tool_use_id: String(call?.id), content: "Wrote 2 bytes" };
    const later = [
      asked,
      { role: "assistant" as const, content: first.content },
      { role: "user" as const, content: [result] },
      { role: "assistant" as const, content: "No response requested." },
      { role: "user" as const, content: GO_ON },
    ];
    const last = await code.client.messages.create({ ...request, messages: later });
    expect(last.content).toMatchObject([{ type: "text", text: "`a.txt` is written." }]);
  });
});

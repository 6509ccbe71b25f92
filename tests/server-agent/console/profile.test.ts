import { afterEach, describe, expect, it } from "vitest";
import { answer, type Block, inOrder, say } from "../../support/messages-api.ts";
import { createTurnBench, type TurnBench } from "../../support/turn-bench.ts";

let bench: TurnBench | null = null;
afterEach(() => bench?.close());

describe("a turn", () => {
  it("is done as the agent's profile says, with its tools and no others", async () => {
    bench = await createTurnBench(() => say("Done."));
    const profile = {
      model: "claude-opus-5-5",
      prompt: "You are code.",
      maxTokens: 4321,
      effort: "low",
      thinking: "off",
      tools: ["read_file", "web_search"],
    } as const;
    const outcome = await bench.run({ profile: { ...profile, tools: [...profile.tools] } });
    expect(outcome).toMatchObject({ state: "done", text: "Done." });
    expect(bench.api.requests[0]?.body).toMatchObject({
      model: "claude-opus-5-5",
      system: [{ type: "text", text: "You are code." }],
      max_tokens: 4321,
      output_config: { effort: "low" },
      thinking: { type: "disabled" },
      tools: [
        { name: "read_file", input_schema: { type: "object" } },
        { type: "web_search_20250305", name: "web_search", max_uses: 8 },
      ],
    });
  });

  it("thinks as much as the model finds right, or up to a number of tokens", async () => {
    bench = await createTurnBench(() => say("Done."));
    await bench.run({ profile: { thinking: "adaptive" } });
    expect(bench.api.requests[0]?.body).toMatchObject({ thinking: { type: "adaptive" } });
    bench.close();
    bench = await createTurnBench(() => say("Done."));
    await bench.run({ profile: { thinking: 2048 } });
    expect(bench.api.requests[0]?.body).toMatchObject({ thinking: { type: "enabled", budget_tokens: 2048 } });
  });

  it("with the simulated model has a search that says why there is none", async () => {
    bench = await createTurnBench(() => say("Done."));
    await bench.run({ model: "simulated", profile: { tools: ["web_search"] } });
    expect(bench.api.requests[0]?.body).toMatchObject({
      tools: [{ name: "web_search", input_schema: { required: ["query"] } }],
    });
  });
});

describe("a search that Anthropic runs", () => {
  const SEARCH: Block = { type: "server_tool_use", id: "srv-1", name: "web_search", input: { query: "tmux" } };
  const FOUND: Block = { type: "web_search_tool_result", tool_use_id: "srv-1", content: [] };
  const words = (...texts: string[]): Block[] => texts.map((text) => ({ type: "text", text }));

  it("that takes long is gone on with, and sent back as it was", async () => {
    bench = await createTurnBench(inOrder(answer([...words("I look."), SEARCH]), answer([FOUND, ...words("Found.")])));
    expect(await bench.run({ profile: { tools: ["web_search"] } })).toMatchObject({ state: "done", text: "Found." });
    expect(bench.api.requests).toHaveLength(2);
    expect(bench.api.requests[1]?.body.messages.at(-1)).toEqual({
      role: "assistant",
      content: [{ type: "text", text: "I look." }, SEARCH],
    });
  });

  it("gives a text in pieces, one for each citation, which is shown and kept as one", async () => {
    bench = await createTurnBench(() => answer([SEARCH, FOUND, ...words("tmux ", "is ", "old.")]));
    expect(await bench.run({ profile: { tools: ["web_search"] } })).toMatchObject({ text: "tmux is old." });
    expect(bench.said.map(({ text }) => text)).toEqual(["tmux is old."]);
    expect(bench.shown).toEqual(["said 0", "+ tmux ", "+ is ", "+ old."]);
  });
});

import { readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { answer, type Block, inOrder, refuse, say, stall } from "../../support/messages-api.ts";
import { createTurnBench, type TurnBench } from "../../support/turn-bench.ts";

let bench: TurnBench;
afterEach(() => bench.close());

const WRITE: Block = { type: "tool_use", id: "call-1", name: "write_file", input: { path: "a.txt", content: "once" } };
const THOUGHT: Block = { type: "thinking", thinking: "A file is what they want.", signature: "c2lnbmVk" };
const FOREIGN =
  "messages.1.content.0: Invalid `signature` in `thinking` block. The block is bound to a different conversation. " +
  "Remove the block.";

describe("a model that thinks", () => {
  it("is asked to show its thoughts, and gets each back as it was, with its signature", async () => {
    bench = await createTurnBench(inOrder(answer([THOUGHT, WRITE]), say("done")));
    await bench.run();
    const [first, second] = bench.api.requests.map(({ body }) => body);
    expect(first?.thinking).toEqual({ type: "adaptive", display: "summarized" });
    expect(second?.messages[1]).toEqual({ role: "assistant", content: [THOUGHT, WRITE] });
  });

  it("is shown while it thinks, and its thoughts are kept apart from its words with the time they took", async () => {
    bench = await createTurnBench(inOrder(answer([THOUGHT, WRITE]), answer([THOUGHT, { type: "text", text: "done" }])));
    await bench.run();
    expect(bench.shown).toEqual([
      "thought 0",
      `+ ${THOUGHT.thinking}`,
      "call write_file a.txt",
      "ended done",
      "thought 1",
      `+ ${THOUGHT.thinking}`,
      "said 0",
      "+ done",
    ]);
    expect(bench.said.map(({ kind, messageIndex, text, ms }) => [kind, messageIndex, text, typeof ms])).toEqual([
      ["thought", 0, THOUGHT.thinking, "number"],
      ["thought", 1, THOUGHT.thinking, "number"],
      ["said", 0, "done", "undefined"],
    ]);
  });

  it("goes on without its thoughts when the provider does not take them back any more", async () => {
    bench = await createTurnBench(inOrder(answer([THOUGHT, WRITE]), refuse(400, FOREIGN), say("done")));
    expect(await bench.run()).toMatchObject({ state: "done" });
    expect(bench.api.requests.map(({ raw }) => raw.includes("c2lnbmVk"))).toEqual([false, true, false]);
  });
});

describe("a stream that stalls", () => {
  it("in the middle of a tool's input is asked for again, and the tool runs once", async () => {
    const half = stall([{ type: "text", text: "I write it." }, WRITE], (event) =>
      JSON.stringify(event).includes("partial_json"),
    );
    bench = await createTurnBench(inOrder(half, answer([WRITE]), say("done")), { stallMs: 200 });
    expect(await bench.run()).toMatchObject({ state: "done", text: "done" });
    expect(bench.api.requests.map(({ body }) => body.messages.length)).toEqual([1, 1, 3]);
    expect(bench.calls.get("call-1")).toMatchObject({ state: "done" });
    expect(readFileSync(path.join(bench.workspace, "a.txt"), "utf8")).toBe("once");
    expect(bench.shown.filter((line) => line.startsWith("call"))).toEqual(["call write_file a.txt"]);
    expect(bench.shown).toContainEqual(expect.stringMatching(/^note The model sent nothing for .*; trying again$/));
    expect(bench.entries.map(({ kind }) => kind)).toEqual(["assistant", "tool_results", "assistant"]);
  });
});

import { afterEach, expect, it } from "vitest";
import { answer, inOrder, say, type Reply } from "../../support/messages-api.ts";
import { createTurnBench, type TurnBench } from "../../support/turn-bench.ts";

const MARK = { type: "ephemeral" };

let bench: TurnBench;
afterEach(() => bench.close());

const list = (number: number): Reply =>
  answer([{ type: "tool_use", id: `call-${number}`, name: "list_files", input: { path: "." } }]);

/** Everything from the first byte of the request to its last message: model, system prompt, tools, messages. */
const conversations = (): string[] => bench.api.requests.map(({ raw }) => raw.slice(0, raw.lastIndexOf('],"stream"')));

it("sends the beginning of a conversation byte for byte as before", async () => {
  bench = await createTurnBench(inOrder(list(1), list(2), say("done")));
  const history = [
    { role: "user" as const, content: "an earlier request" },
    { role: "assistant" as const, content: "an earlier answer" },
  ];
  await bench.run({ history, request: "list the files twice" });
  const [first, second, third] = conversations();
  if (!first || !second || !third) return expect.fail("there are three requests");
  expect(first).toContain("an earlier answer");
  expect(second.slice(0, first.length)).toBe(first);
  expect(third.slice(0, second.length)).toBe(second);
  expect(third.length).toBeGreaterThan(second.length);
});

it("marks the system prompt, the end of what stood before the turn, and the last block: three marks of four", async () => {
  bench = await createTurnBench(inOrder(list(1), say("done")));
  await bench.run({ request: "list the files" });
  expect(bench.api.requests).toHaveLength(2);
  for (const { body, raw } of bench.api.requests) {
    expect(body.cache_control).toEqual(MARK);
    expect(body.system).toEqual([expect.objectContaining({ type: "text", cache_control: MARK })]);
    expect(body.messages[0]?.content).toEqual([{ type: "text", text: "list the files", cache_control: MARK }]);
    expect(raw.match(/cache_control/g)).toHaveLength(3);
  }
});

it("sends the same bytes after the process was killed in between", async () => {
  bench = await createTurnBench(inOrder(list(1), list(2), say("done")));
  const killed = await bench.run({
    beforeAppend({ index }) {
      if (index === 3) throw new Error("killed");
    },
  });
  expect(killed.state).toBe("failed");
  expect(await bench.run()).toMatchObject({ state: "done", text: "done" });
  const [, before, after] = conversations();
  expect(after?.slice(0, before?.length)).toBe(before);
});

import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import {
  answer,
  type MessagesBody,
  type RecordedRequest,
  refuse,
  type Reply,
  say,
  type UsageCounts,
} from "../../support/messages-api.ts";
import { createTurnBench, type TurnBench } from "../../support/turn-bench.ts";

const SUMMARY = "I read the files; the second one is the one that counts.";
/** Four fifths of the model's window are 800,000. */
const NEARLY_FULL = { input_tokens: 1_000, cache_read_input_tokens: 810_000 };
/** About 85,000 tokens. */
const BIG_FILE = "0123456789abcde\n".repeat(16 * 1024);

let bench: TurnBench;
let script: Reply[];
/** Longer requests for a summary do not fit. */
let summaryBytes: number;

const use = (id: string, file: string, { thought = "", ...usage }: UsageCounts & { thought?: string } = {}): Reply =>
  answer(
    [
      ...(thought ? [{ type: "thinking" as const, thinking: thought, signature: `signed ${thought}` }] : []),
      { type: "tool_use", id, name: "read_file", input: { path: file } },
    ],
    usage,
  );

const isSummaryRequest = ({ raw }: RecordedRequest): boolean => raw.includes("Use no tool now");

const TOO_LONG = "prompt is too long: 1000001 tokens > 1000000 maximum";

beforeEach(async () => {
  summaryBytes = Infinity;
  bench = await createTurnBench((request) => {
    if (isSummaryRequest(request)) return request.raw.length > summaryBytes ? refuse(400, TOO_LONG) : say(SUMMARY);
    return script.shift() ?? say("done");
  });
  writeFileSync(path.join(bench.workspace, "big.txt"), BIG_FILE);
  writeFileSync(path.join(bench.workspace, "small.txt"), "small");
  script = [use("call-1", "big.txt"), use("call-2", "big.txt"), use("call-3", "small.txt", NEARLY_FULL)];
});
afterEach(() => bench.close());

type Content = readonly { readonly type: string; readonly id?: string; readonly tool_use_id?: string }[];
const blocks = (message: MessagesBody["messages"][number] | undefined): Content =>
  Array.isArray(message?.content) ? (message.content as Content) : [];
const callsIn = ({ messages }: MessagesBody): string[] =>
  messages.flatMap(blocks).flatMap(({ type, id }) => (type === "tool_use" ? (id ?? "") : []));

/** Every call stands right before its result, and no result without its call. */
function expectPairs({ messages }: MessagesBody): void {
  for (const [index, message] of messages.entries()) {
    const calls = blocks(message).flatMap(({ type, id }) => (type === "tool_use" ? id : []));
    const results = blocks(messages[index + 1]).flatMap(({ tool_use_id }) => tool_use_id ?? []);
    expect(results).toEqual(calls);
  }
}

it("puts a summary in the place of all but the last steps before the window is full", async () => {
  expect(await bench.run({ request: "read the files" })).toMatchObject({ state: "done", text: "done" });
  const requests = bench.api.requests;
  expect(requests.map(isSummaryRequest)).toEqual([false, false, false, true, false]);
  const after = requests[4]?.body;
  if (!after) return expect.fail("there is a request after the summary");
  expect(JSON.stringify(after.messages[0])).toContain("The task:\\nread the files");
  expect(JSON.stringify(after.messages[0])).toContain(SUMMARY);
  expect(callsIn(after)).toEqual(["call-2", "call-3"]);
  for (const { body } of requests) expectPairs(body);
});

it("asks for the summary in the same words as before, so that it is read from the cache", async () => {
  await bench.run({ request: "read the files" });
  const [, , before, summary] = bench.api.requests.map(({ raw }) => raw.slice(0, raw.lastIndexOf('],"stream"')));
  expect(summary?.startsWith(before ?? "nothing")).toBe(true);
});

it("keeps the whole conversation in the journal", async () => {
  await bench.run({ request: "read the files" });
  expect(bench.entries.map(({ kind }) => kind)).toEqual([
    "assistant",
    "tool_results",
    "assistant",
    "tool_results",
    "assistant",
    "tool_results",
    "checkpoint",
    "assistant",
  ]);
  expect(JSON.stringify(bench.entries[1])).toContain(BIG_FILE.slice(0, 1_000).replaceAll("\n", "\\n"));
  expect(bench.entries[6]?.keptFrom).toBe(2);
});

it("begins the summary again when the process dies in the middle of it, and repeats no call", async () => {
  const killed = await bench.run({
    beforeAppend({ kind }) {
      if (kind === "checkpoint") throw new Error("killed");
    },
  });
  expect(killed.state).toBe("failed");
  expect(await bench.run()).toMatchObject({ state: "done" });
  expect(bench.api.requests.filter(isSummaryRequest)).toHaveLength(2);
  expect([...bench.calls.keys()]).toEqual(["call-1", "call-2", "call-3"]);
  expect(bench.entries.filter(({ kind }) => kind === "checkpoint")).toHaveLength(1);
});

it("goes on from the checkpoint, byte for byte, when the process dies after it", async () => {
  script.push(use("call-4", "small.txt"));
  const killed = await bench.run({
    beforeAppend({ index }) {
      if (index === 7) throw new Error("killed");
    },
  });
  expect(killed.state).toBe("failed");
  expect(await bench.run()).toMatchObject({ state: "done" });
  expect(bench.api.requests.filter(isSummaryRequest)).toHaveLength(1);
  const [before, after] = bench.api.requests.slice(-2).map(({ raw }) => raw);
  expect(after === before).toBe(true);
});

it("compacts when the provider says that the request does not fit, and shortens what it asks with", async () => {
  summaryBytes = 100_000;
  script = [use("call-1", "big.txt", { thought: "one" }), refuse(400, TOO_LONG), say("done after all")];
  expect(await bench.run()).toMatchObject({ state: "done", text: "done after all" });
  expect(bench.api.requests.map(isSummaryRequest)).toEqual([false, false, true, true, false]);
  expect(bench.api.requests[3]?.raw).toContain("characters left out to save room");
});

it("compacts again when it gets full again", async () => {
  script.push(use("call-4", "small.txt", NEARLY_FULL));
  expect(await bench.run()).toMatchObject({ state: "done" });
  expect(bench.entries.filter(({ kind }) => kind === "checkpoint")).toHaveLength(2);
  const last = bench.api.requests.at(-1)?.body;
  if (!last) return expect.fail("there is a last request");
  expect(callsIn(last)).toEqual(["call-4"]);
  expectPairs(last);
});

it("tells hooks before it compacts, and the model what they want to be kept", async () => {
  const hook = { type: "command", command: "cat > told.json; echo 'Keep the names of the files.'" };
  writeFileSync(
    path.join(bench.workspace, "hooks.json"),
    JSON.stringify({ hooks: { PreCompact: [{ hooks: [hook] }] } }),
  );
  await bench.run();
  const told = readFileSync(path.join(bench.workspace, "told.json"), "utf8");
  expect(JSON.parse(told)).toMatchObject({ hook_event_name: "PreCompact", trigger: "auto" });
  const asked = bench.api.requests.find(isSummaryRequest)?.raw;
  expect(asked).toContain("Keep the names of the files.");
  expect(asked).toContain("# Checkpoint before compaction");
});

it("sends no thoughts from before the summary: they belong to a conversation that is no more", async () => {
  script = [
    use("call-1", "small.txt", { thought: "one" }),
    use("call-2", "small.txt", { ...NEARLY_FULL, thought: "two" }),
  ];
  script.push(use("call-3", "small.txt", { thought: "three" }));
  expect(await bench.run()).toMatchObject({ state: "done" });
  const [summary, first, second] = bench.api.requests.slice(-3).map(({ raw }) => raw);
  expect(summary).toContain("signed two");
  expect(first).not.toContain("signed");
  expect(second).toContain("signed three");
  expect(second).not.toContain("signed two");
});

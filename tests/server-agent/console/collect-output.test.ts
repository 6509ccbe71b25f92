import { afterEach, describe, expect, it, test } from "vitest";
import type { WantedOutput } from "../../../contract/algorithm.ts";
import { hasRunCommand } from "../../../server-agent/console/collect-output.ts";
import { answer, type Block, say } from "../../support/messages-api.ts";
import { createTurnBench, type TurnBench } from "../../support/turn-bench.ts";

let bench: TurnBench;
afterEach(() => bench?.close());

const THINK: WantedOutput = { phase: "THINK", judges: [] };
const THOUGHT = { approach: "plainly", risks: [], assumptions: [] };
const call = (id: string, name: string, input: object): Block => ({ type: "tool_use", id, name, input });
const submit = (id: string, output: object) => call(id, "submit_output", output);
const write = (id: string) => call(id, "write_file", { path: "a.txt", content: "once" });
const list = (...blocks: Block[]) => answer(blocks);

/** A model that answers by what it was asked before: the same again after a cut. */
const scripted = (...replies: Parameters<typeof answer>[0][]) =>
  createTurnBench(({ body }) => {
    const asked = body.messages.filter(({ role }) => role === "assistant").length;
    return answer(replies[asked] ?? [{ type: "text", text: "nothing more" }]);
  });
const kinds = (): string[] => bench.entries.map(({ kind }) => kind);

describe("a turn that has to end with an output", () => {
  it("ends with the accepted output, and the model is not asked again", async () => {
    bench = await scripted([write("c1")], [submit("c2", THOUGHT)]);
    expect(await bench.run({ output: THINK })).toMatchObject({ state: "done", output: THOUGHT });
    expect([bench.api.requests.length, kinds()]).toEqual([
      2,
      ["assistant", "tool_results", "assistant", "tool_results"],
    ]);
  });

  it("tells the model what is wrong with its output, and takes the next one", async () => {
    bench = await scripted([submit("c1", { approach: 7 })], [submit("c2", THOUGHT)]);
    expect(await bench.run({ output: THINK })).toMatchObject({ state: "done", output: THOUGHT });
    expect(JSON.stringify(bench.entries[1]?.message)).toMatch(/"is_error":true/);
  });

  it("reminds an agent that only talks, and takes its output then", async () => {
    bench = await scripted([{ type: "text", text: "I am done" }], [submit("c1", THOUGHT)]);
    expect(await bench.run({ output: THINK })).toMatchObject({ state: "done", output: THOUGHT });
    expect(kinds()).toEqual(["assistant", "reminder", "assistant", "tool_results"]);
    expect(JSON.stringify(bench.api.requests[1]?.body.messages.at(-1))).toContain("submit_output");
  });

  it("fails after two reminders", async () => {
    bench = await createTurnBench(() => say("I am done"));
    expect(await bench.run({ output: THINK })).toMatchObject({
      state: "failed",
      error: {
        code: "task.failed",
        message: "The agent ended THINK without its output, though it was reminded twice",
      },
    });
    expect(bench.api.requests).toHaveLength(3);
  });

  it.each([1, 2, 3, 4, 5, 6])("goes on from a cut before entry %i, and does nothing twice", async (cutAt) => {
    bench = await scripted([{ type: "text", text: "I am done" }], [write("c1")], [submit("c2", THOUGHT)]);
    let appended = 0;
    const beforeAppend = (): void => {
      appended += 1;
      if (appended === cutAt) throw new Error("killed");
    };
    expect(await bench.run({ output: THINK, beforeAppend })).toMatchObject({ state: "failed" });
    expect(await bench.run({ output: THINK })).toMatchObject({ state: "done", output: THOUGHT });
    expect(kinds()).toEqual(["assistant", "reminder", "assistant", "tool_results", "assistant", "tool_results"]);
    expect([...bench.calls.values()].map(({ tool, state }) => `${tool} ${state}`)).toEqual([
      "write_file done",
      "submit_output done",
    ]);
  });

  it("is offered no tool that would give the phase to another", async () => {
    bench = await createTurnBench(() => list(submit("c1", THOUGHT)));
    await bench.run({ output: THINK });
    const tools = (bench.api.requests[0]?.body.tools ?? []) as readonly { readonly name: string }[];
    const names = tools.map(({ name }) => name);
    expect([names.includes("submit_output"), names.includes("hand_off")]).toEqual([true, false]);
  });
});

describe("VERIFY", () => {
  const judges = [
    { criterionId: "ISC-1", check: "grep it it.txt" },
    { criterionId: "ISC-2", check: null },
  ];
  const verdict = (id: string, ...criteria: string[]) => {
    const results = criteria.map((criterionId) => ({ criterionId, passed: true, evidence: "seen" }));
    return submit(id, { results, returnTo: null, why: "" });
  };

  it("is not over before every check was run and every criterion judged", async () => {
    const check = call("c2", "run_command", { command: "grep it it.txt " });
    const both = ["ISC-1", "ISC-2"];
    bench = await scripted([verdict("c1", ...both)], [check], [verdict("c3", "ISC-1")], [verdict("c4", ...both)]);
    expect(await bench.run({ output: { phase: "VERIFY", judges } })).toMatchObject({ state: "done" });
    const submitted = [...bench.calls.values()].filter(({ tool }) => tool === "submit_output");
    expect(submitted.map(({ state, output }) => [state, output])).toEqual([
      ["failed", "Not accepted yet:\nISC-1: run its check with run_command first: grep it it.txt"],
      ["failed", "Not accepted yet:\nISC-2 is not in the results"],
      ["done", "Accepted."],
    ]);
  });
});

test("a check that was refused counts as run, one that is still open or unknown does not", () => {
  const content = [{ type: "tool_use" as const, id: "c1", name: "run_command", input: { command: "ls" } }];
  const asked = [{ role: "assistant" as const, content }];
  const answered = [...asked, { role: "user" as const, content: [] }];
  const record = { callId: "c1", tool: "run_command", summary: "ls", output: "" };
  const counts = (added: typeof asked, state: "done" | "unknown" | null) =>
    hasRunCommand(
      { added: () => added, calls: { get: () => (state === null ? undefined : { ...record, state }) } },
      "ls",
    );
  expect([counts(answered as typeof asked, null), counts(asked, null)]).toEqual([true, false]);
  expect([counts(asked, "done"), counts(answered as typeof asked, "unknown")]).toEqual([true, false]);
});

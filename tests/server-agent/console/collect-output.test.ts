import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { WantedOutput } from "../../../contract/algorithm.ts";
import { defineTool } from "../../../server-agent/agents/agent-tool.ts";
import { submitOutputTool } from "../../../server-agent/agents/submit-output-tool.ts";
import { collectOutput, hasRunCommand, submittedOutput } from "../../../server-agent/console/collect-output.ts";
import { converse } from "../../../server-agent/console/converse.ts";
import { journalOf, quietParts, type Reply, scriptedModel, type StoredTurn } from "./scripted-model.ts";

const THINK: WantedOutput = { phase: "THINK", judges: [] };
const THOUGHT = { approach: "plainly", risks: [], assumptions: [] };
const submit = (input: unknown): Reply => [{ name: "submit_output", input }];
const run = (command: string): Reply => [{ name: "run_command", input: { command } }];

const alive = async (): Promise<void> => await Promise.resolve();

/** Works on the turn until it has an outcome, with a tool that runs nothing. */
async function work(
  stored: StoredTurn,
  model: ReturnType<typeof scriptedModel>,
  { wanted = THINK, afterWrite = alive } = {},
) {
  const journal = journalOf(stored, afterWrite);
  const command = defineTool({
    name: "run_command",
    description: "",
    inputSchema: z.object({ command: z.string() }),
    summary: (input) => input.command,
    run: async () => await Promise.resolve("ran"),
  });
  const tools = [command, submitOutputTool(wanted, (text) => hasRunCommand(journal, text))];
  const isOver = (): boolean => submittedOutput(journal) !== undefined;
  const talk = async () => await converse({ ...quietParts(), journal, tools, isOver, fetch: model.fetch });
  return await collectOutput(journal, wanted, talk);
}

const newTurn = (): StoredTurn => ({ entries: [], calls: new Map() });
const kinds = ({ entries }: StoredTurn): string[] => entries.map(({ kind }) => kind);

describe("a turn that has to end with an output", () => {
  it("ends with the accepted output, and the model is not asked again", async () => {
    const stored = newTurn();
    const model = scriptedModel([run("ls"), submit(THOUGHT), "more words"]);
    expect((await work(stored, model)).output).toEqual(THOUGHT);
    expect([model.requests.length, kinds(stored)]).toEqual([
      2,
      ["assistant", "tool_results", "assistant", "tool_results"],
    ]);
  });

  it("tells the model what is wrong with its output, and takes the next one", async () => {
    const stored = newTurn();
    const model = scriptedModel([submit({ approach: 7 }), submit(THOUGHT)]);
    expect((await work(stored, model)).output).toEqual(THOUGHT);
    expect(JSON.stringify(stored.entries[1]?.message)).toMatch(/"is_error":true/);
  });

  it("reminds an agent that only talks, and takes its output then", async () => {
    const stored = newTurn();
    const model = scriptedModel(["I am done", submit(THOUGHT)]);
    expect((await work(stored, model)).output).toEqual(THOUGHT);
    expect(kinds(stored)).toEqual(["assistant", "reminder", "assistant", "tool_results"]);
    expect(model.requests[1]?.messages.at(-1)?.content).toContain("submit_output");
  });

  it("fails after two reminders", async () => {
    const model = scriptedModel(["done", "really", "I said done", submit(THOUGHT)]);
    await expect(work(newTurn(), model)).rejects.toMatchObject({
      code: "task.failed",
      message: "The agent ended THINK without its output, though it was reminded twice",
    });
    expect(model.requests).toHaveLength(3);
  });

  it("goes on from a cut after any write, and does nothing twice", async () => {
    const replies = ["I am done", run("ls"), submit(THOUGHT), "never asked"];
    for (let writes = 1; writes <= 10; writes += 1) {
      const stored = newTurn();
      let left = writes;
      const killed = Promise.withResolvers<void>();
      const cut = async (): Promise<void> => {
        left -= 1;
        if (left > 0) return;
        killed.resolve();
        await new Promise(() => {});
      };
      void work(stored, scriptedModel(replies), { afterWrite: cut });
      await killed.promise;
      expect((await work(stored, scriptedModel(replies))).output).toEqual(THOUGHT);
      expect(kinds(stored).filter((kind) => kind === "reminder")).toHaveLength(1);
      expect(kinds(stored).filter((kind) => kind === "assistant")).toHaveLength(3);
    }
  });
});

describe("VERIFY", () => {
  const judges = [
    { criterionId: "ISC-1", check: "grep it it.txt" },
    { criterionId: "ISC-2", check: null },
  ];
  const verdict = (...ids: string[]) => {
    const results = ids.map((criterionId) => ({ criterionId, passed: true, evidence: "seen" }));
    return submit({ results, returnTo: null, why: "" });
  };

  it("is not over before every check was run and every criterion judged", async () => {
    const stored = newTurn();
    const replies = [verdict("ISC-1", "ISC-2"), run("grep it it.txt "), verdict("ISC-1"), verdict("ISC-1", "ISC-2")];
    await work(stored, scriptedModel(replies), { wanted: { phase: "VERIFY", judges } });
    expect([...stored.calls.values()].map(({ state, output }) => [state, output])).toEqual([
      ["failed", "Not accepted yet:\nISC-1: run its check with run_command first: grep it it.txt"],
      ["done", "ran"],
      ["failed", "Not accepted yet:\nISC-2 is not in the results"],
      ["done", "Accepted."],
    ]);
  });
});

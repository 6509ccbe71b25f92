import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { readChange } from "../../../src-main/cli/commands/agents.ts";
import type { Options } from "../../../src-main/cli/context.ts";

const change = async (options: Partial<Options>) => await readChange(options as Options);

it("only what was said is set, numbers and lists as such", async () => {
  expect(await change({})).toEqual({});
  expect(await change({ model: "claude-opus-5-5", tools: "grep, glob", budget: "2.5", "max-tokens": "2048" })).toEqual({
    model: "claude-opus-5-5",
    tools: ["grep", "glob"],
    budgetUsdPerDay: 2.5,
    maxTokens: 2048,
  });
  expect(await change({ driver: "claude-code" })).toEqual({ driver: "claude-code" });
  await expect(change({ driver: "codex" })).rejects.toThrow("--driver: ");
  expect(await change({ tools: "", budget: "none", thinking: "2000" })).toEqual({
    tools: [],
    budgetUsdPerDay: null,
    thinking: 2000,
  });
});

it("the prompt comes from a file", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "cli-agents-"));
  writeFileSync(path.join(folder, "AGENT.md"), "You code.");
  expect(await change({ "prompt-file": path.join(folder, "AGENT.md") })).toEqual({ prompt: "You code." });
  rmSync(folder, { recursive: true });
  await expect(change({ "prompt-file": path.join(folder, "AGENT.md") })).rejects.toThrow("cannot be read");
});

it.each([
  [{ model: "GPT" }, "--model: must be the name of a model"],
  [{ tools: "grep,fly" }, "--tools: "],
  [{ budget: "lots" }, "--budget: "],
  [{ budget: "" }, "--budget: "],
  [{ concurrency: "9" }, "--concurrency: "],
  [{ effort: "total" }, "--effort: "],
])("the option of a mistake is named: %j", async (options, complaint) => {
  await expect(change(options)).rejects.toThrow(complaint);
});

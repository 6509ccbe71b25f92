import { describe, expect, it } from "vitest";
import { fromClaude, toClaude, toClaudeResponse } from "../../../server-agent/hooks/claude-tools.ts";

const WORKSPACE = "/workspace";

describe("a tool call as hooks see it", () => {
  it.each([
    ["run_command", { command: "ls" }, "Bash", { command: "ls" }],
    ["read_file", { path: "a/b.txt" }, "Read", { file_path: "/workspace/a/b.txt" }],
    ["write_file", { path: "/workspace/x", content: "y" }, "Write", { file_path: "/workspace/x", content: "y" }],
    [
      "edit_file",
      { path: "x", old: "a", new: "b", replace_all: true },
      "Edit",
      { file_path: "/workspace/x", old_string: "a", new_string: "b", replace_all: true },
    ],
    ["glob", { pattern: "*.ts", path: "src" }, "Glob", { pattern: "*.ts", path: "/workspace/src" }],
    ["grep", { pattern: "x" }, "Grep", { pattern: "x" }],
    ["fetch_url", { url: "https://example.org" }, "WebFetch", { url: "https://example.org" }],
    ["web_search", { query: "x" }, "WebSearch", { query: "x" }],
    ["delegate", { agent: "code", request: "do" }, "Task", { subagent_type: "code", prompt: "do" }],
    ["ask_person", { action: "x" }, "mcp__team__ask_person", { action: "x" }],
    ["mcp__github__issues", { state: "open" }, "mcp__github__issues", { state: "open" }],
  ])("%s %j", (tool, input, ...theirs) => {
    const call = toClaude({ tool, input }, WORKSPACE);
    expect([call.name, call.input]).toEqual(theirs);
  });

  it.each(["run_command", "read_file", "write_file", "delegate", "ask_person"])(
    "comes back in our names: %s",
    (tool) => {
      const input = { command: "ls", path: "/workspace/a", content: "b", agent: "qa", request: "c", action: "d" };
      expect(fromClaude(tool, toClaude({ tool, input }, WORKSPACE).input)).toEqual(input);
    },
  );

  it("has its result in the shape of the tool", () => {
    expect(toClaudeResponse({ name: "Bash", input: {} }, "out")).toMatchObject({ stdout: "out", interrupted: false });
    expect(toClaudeResponse({ name: "Write", input: { file_path: "/a" } }, "")).toEqual({
      filePath: "/a",
      success: true,
    });
    expect(toClaudeResponse({ name: "Read", input: { file_path: "/a" } }, "text")).toMatchObject({
      file: { filePath: "/a", content: "text" },
    });
    expect(toClaudeResponse({ name: "mcp__team__x", input: {} }, "r")).toEqual({
      content: [{ type: "text", text: "r" }],
    });
  });
});

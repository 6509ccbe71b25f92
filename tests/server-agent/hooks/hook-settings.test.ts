import { describe, expect, it } from "vitest";
import { parseSettings, type Origin } from "../../../server-agent/hooks/hook-settings.ts";
import { matches } from "../../../server-agent/hooks/matcher.ts";

const parse = (hooks: unknown, origin: Origin = "operator") => parseSettings(JSON.stringify({ hooks }), origin);
const command = { type: "command", command: "./check.sh" };

describe("a matcher", () => {
  it.each([
    [undefined, ["Bash"], true],
    ["", ["Bash"], true],
    ["*", ["Bash"], true],
    ["Bash", ["Bash"], true],
    ["Bash", ["BashOutput"], false],
    ["bash", ["Bash"], false],
    ["Edit|Write", ["Write"], true],
    ["Edit, Write", ["Edit"], true],
    ["Edit|Write", ["NotebookEdit"], false],
    ["Notebook.*", ["NotebookEdit"], true],
    [".*Edit", ["NotebookEdit"], true],
    ["^Edit$", ["NotebookEdit"], false],
    ["mcp__.*", ["mcp__team__ask_person"], true],
    ["mcp__team", ["mcp__team__ask_person"], false],
    ["Agent", ["Task", "Agent"], true],
    ["Bash", null, true],
  ])("%j against %j: %s", (matcher, names, expected) => {
    expect(matches(matcher, names)).toBe(expected);
  });
});

describe("a settings file", () => {
  it("gives its hooks with their matchers, limits and defaults", () => {
    const { hooks } = parse({
      PreToolUse: [{ matcher: "Bash|Write", hooks: [{ ...command, timeout: 5 }] }],
      Stop: [{ hooks: [{ type: "http", url: "http://127.0.0.1:9/stop", onFailure: "block" }] }],
    });
    expect(hooks).toEqual([
      {
        event: "PreToolUse",
        matcher: "Bash|Write",
        origin: "operator",
        action: command,
        timeoutMs: 5_000,
        blocksOnFailure: true,
      },
      {
        event: "Stop",
        matcher: undefined,
        origin: "operator",
        action: { type: "http", url: "http://127.0.0.1:9/stop", headers: {}, allowedEnvVars: [] },
        timeoutMs: 60_000,
        blocksOnFailure: true,
      },
    ]);
  });

  it("never waits longer than ten minutes for a hook", () => {
    const { hooks } = parse({ Stop: [{ hooks: [{ ...command, timeout: 99_999 }] }] });
    expect(hooks[0]?.timeoutMs).toBe(600_000);
  });

  it("may name events, fields and keys that only others know", () => {
    const settings = { model: "x", permissions: { allow: ["Bash"] }, hooks: { Notification: [{ hooks: [command] }] } };
    expect(parseSettings(JSON.stringify(settings), "operator").hooks).toEqual([]);
  });

  it("keeps a hook of a kind that is not supported, so that it can fail", () => {
    const { hooks } = parse({ PreToolUse: [{ hooks: [{ type: "prompt", prompt: "Is it safe?" }] }] });
    expect(hooks[0]?.action).toEqual({ type: "unsupported", kind: "prompt" });
  });

  it.each([
    ["text that is not JSON", "{ hooks"],
    ["a list", "[]"],
    ["hooks that are a list", '{"hooks":[]}'],
    ["a command without a command", '{"hooks":{"PreToolUse":[{"hooks":[{"type":"command"}]}]}}'],
    [
      "an address that is not of the web",
      '{"hooks":{"Stop":[{"hooks":[{"type":"http","url":"file:///etc/passwd"}]}]}}',
    ],
    ["a matcher that is no expression", '{"hooks":{"Stop":[{"matcher":"(","hooks":[]}]}}'],
    ["a time that is none", '{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"x","timeout":"1"}]}]}}'],
  ])("is refused when it holds %s", (_, text) => {
    expect(() => parseSettings(text, "operator")).toThrow();
  });

  it("is not quoted when it is refused", () => {
    expect(() => parseSettings("top-secret", "workspace")).toThrow(/^not JSON$/);
  });

  it("of the workspace may match names and beginnings only, so that no pattern runs for ever", () => {
    const withMatcher = (matcher: string) => parse({ PreToolUse: [{ matcher, hooks: [command] }] }, "workspace");
    expect(withMatcher("Bash|Notebook.*|^mcp__team__.*$").hooks).toHaveLength(1);
    expect(() => withMatcher("(a|a)*$")).toThrow(/too free/);
  });
});

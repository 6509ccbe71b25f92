import { describe, expect, it } from "vitest";
import type { HookEventName } from "../../../server-agent/hooks/hook-input.ts";
import { resultOfProgram } from "../../../server-agent/hooks/hook-result.ts";
import type { Origin } from "../../../server-agent/hooks/hook-settings.ts";
import { mergeResults, NO_OUTCOME } from "../../../server-agent/hooks/merge-results.ts";

interface Said {
  readonly name?: string;
  readonly origin?: Origin;
  readonly code?: number;
  readonly stdout?: unknown;
  readonly stderr?: string;
}

function merge(event: HookEventName, ...hooks: Said[]) {
  return mergeResults(
    event,
    hooks.map(({ name = "h", origin = "operator", code = 0, stdout = "", stderr = "" }) => ({
      name,
      hook: {
        event,
        matcher: undefined,
        origin,
        action: { type: "command", command: name },
        timeoutMs: 1000,
        blocksOnFailure: event === "PreToolUse",
      },
      result: resultOfProgram(event, {
        reason: "exited",
        code,
        stdout: typeof stdout === "string" ? stdout : JSON.stringify(stdout),
        stderr,
      }),
    })),
  );
}

function permission(permissionDecision: string, more: Record<string, unknown> = {}): Said {
  return { stdout: { hookSpecificOutput: { hookEventName: "PreToolUse", permissionDecision, ...more } } };
}

describe("what hooks say before a tool", () => {
  it("is nothing when they end quietly or only print text", () => {
    expect(merge("PreToolUse", {}, { stdout: "checked" }, { stdout: "{}" })).toEqual(NO_OUTCOME);
  });

  it.each([
    [["allow", "ask", "deny"], "deny"],
    [["deny", "allow"], "deny"],
    [["allow", "ask"], "ask"],
    [["allow", "allow"], "allow"],
    [["defer"], "ask"],
  ])("together: %j is %s", (decisions, expected) => {
    expect(merge("PreToolUse", ...decisions.map((decision) => permission(decision))).decision).toBe(expected);
  });

  it("names the hooks of the strictest decision, and only those", () => {
    const outcome = merge(
      "PreToolUse",
      { name: "a", ...permission("deny", { permissionDecisionReason: "no" }) },
      { name: "b", ...permission("ask", { permissionDecisionReason: "sure?" }) },
      { name: "c", code: 2, stderr: "never\n" },
    );
    expect(outcome).toMatchObject({ decision: "deny", reason: "a: no\nc: never" });
  });

  it.each([
    ["block", "deny"],
    ["approve", "allow"],
  ])("understands the older %s as %s", (decision, expected) => {
    expect(merge("PreToolUse", { stdout: { decision, reason: "r" } }).decision).toBe(expected);
  });

  it.each([
    ["a decision there is not", permission("maybe")],
    ["an older decision there is not", { stdout: { decision: "ask" } }],
    ["a decision in the wrong place", { stdout: { permissionDecision: "deny" } }],
    ["a misspelt decision", { stdout: { hookSpecificOutput: { permisionDecision: "deny" } } }],
    ["an answer for another event", { stdout: { hookSpecificOutput: { hookEventName: "Stop" } } }],
    ["half an answer", { stdout: '{"hookSpecificOutput": {"permission' }],
    ["an answer with more after it", { stdout: '{"continue": true} done' }],
    ["an answer with text before it", { stdout: 'checking…\n{"decision": "block"}' }],
    ["exit code 1", { code: 1 }],
    ["exit code 127", { code: 127, stderr: "not found" }],
  ] satisfies [string, Said][])("is a denial that names the hook, for %s", (_, said) => {
    expect(merge("PreToolUse", { name: "guard", ...said })).toMatchObject({
      decision: "deny",
      reason: expect.stringMatching(/^The hook guard failed: ./) as string,
    });
  });

  it("may change what the tool is given, unless two hooks want different things", () => {
    const change = (command: string) => permission("allow", { updatedInput: { command } });
    expect(merge("PreToolUse", change("ls"), {}, change("ls"))).toMatchObject({
      decision: "allow",
      updatedInput: { command: "ls" },
    });
    expect(merge("PreToolUse", change("ls"), change("ls -a"))).toMatchObject({
      decision: "deny",
      reason: "Two hooks want to change what this tool is given in different ways",
    });
  });

  it("tells the model, and people, what hooks want them to hear", () => {
    expect(
      merge("PreToolUse", {
        stdout: { systemMessage: "slow disk", hookSpecificOutput: { additionalContext: "use tabs" } },
      }),
    ).toEqual({ ...NO_OUTCOME, context: ["use tabs"], reports: ["h: slow disk"] });
  });
});

describe("a hook of the workspace", () => {
  const workspace = { name: "w", origin: "workspace" } as const;

  it("cannot allow", () => {
    expect(merge("PreToolUse", { ...workspace, ...permission("allow") })).toEqual({
      ...NO_OUTCOME,
      reports: ["w: hooks of the workspace cannot allow anything"],
    });
  });

  it("cannot change what a tool is given: that denies", () => {
    const change = permission("allow", { updatedInput: { command: "rm -rf /" } });
    expect(merge("PreToolUse", { ...workspace, ...change })).toMatchObject({ decision: "deny", updatedInput: null });
  });

  it.each(["deny", "ask"])("can %s", (decision) => {
    expect(merge("PreToolUse", { ...workspace, ...permission(decision) }).decision).toBe(decision);
  });
});

describe("what hooks say at other events", () => {
  it.each(["SessionStart", "UserPromptSubmit", "PreCompact"] as const)("as text is for the model: %s", (event) => {
    expect(merge(event, { stdout: "Today is Tuesday\n" })).toEqual({ ...NO_OUTCOME, context: ["Today is Tuesday"] });
  });

  it.each(["SessionEnd", "Stop", "SubagentStop", "PostToolUse"] as const)("as text is for nobody: %s", (event) => {
    expect(merge(event, { stdout: "bye" })).toEqual(NO_OUTCOME);
  });

  it.each(["UserPromptSubmit", "Stop", "SubagentStop", "PostToolUse", "PostToolUseFailure"] as const)(
    "with exit code 2 or a block refuses: %s",
    (event) => {
      const outcome = merge(
        event,
        { code: 2, stderr: "tests fail" },
        { stdout: { decision: "block", reason: "lint" } },
      );
      expect(outcome).toEqual({ ...NO_OUTCOME, block: "h: tests fail\nh: lint" });
    },
  );

  it.each(["SessionStart", "SessionEnd", "PreCompact"] as const)("cannot refuse %s, which is reported", (event) => {
    expect(merge(event, { code: 2, stderr: "no" })).toEqual({ ...NO_OUTCOME, reports: ["h: no"] });
  });

  it("is a report when they fail, and work goes on", () => {
    expect(merge("Stop", { code: 1, stderr: "oops" }, { stdout: "{" })).toEqual({
      ...NO_OUTCOME,
      reports: ["The hook h failed: exit code 1: oops", "The hook h failed: its answer is not JSON"],
    });
  });

  it("with continue: false stops the agent, whatever the event", () => {
    expect(merge("PostToolUse", { stdout: { continue: false, stopReason: "budget" } }).stop).toBe("h: budget");
  });

  it("may hold fields only others know", () => {
    const answer = { hookSpecificOutput: { hookEventName: "SessionStart", sessionTitle: "x", additionalContext: "y" } };
    expect(merge("SessionStart", { stdout: answer })).toEqual({ ...NO_OUTCOME, context: ["y"] });
  });

  it("is cut at ten thousand characters for each hook", () => {
    const [context = ""] = merge("SessionStart", { stdout: "x".repeat(10_500) }).context;
    expect(context).toMatch(/^x{10000}\n… 500 characters more$/);
  });
});

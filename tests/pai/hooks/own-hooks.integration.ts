import { appendFileSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import settings from "../../../pai/.claude/settings.json" with { type: "json" };
import { ownHooks } from "../../../pai/hooks/own-hooks.ts";
import { createHookRoom, type HookRoom } from "../../support/own-hook.ts";

let room: HookRoom;
beforeEach(() => {
  room = createHookRoom();
});
afterEach(() => room.remove());

const SILENT = { code: 0, stdout: "", stderr: "" };
const inMemory = (...names: string[]): string => path.join(room.folder, "MEMORY", ...names);
const linesOf = (file: string): unknown[] =>
  readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
const filesBelow = (...names: string[]): string[] =>
  readdirSync(inMemory(...names), { recursive: true, encoding: "utf8" }).filter((name) =>
    statSync(inMemory(...names, name)).isFile(),
  );

const WORK = `---
task: Move the site
phase: verify
progress: 1/2
---
## Criteria
- [x] ISC-1: DNS points here
- [ ] ISC-2: HTTPS answers
`;

function openWork(): string {
  const file = inMemory("Work", "active", "20261124-move", "ISA.md");
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, WORK);
  return file;
}

function trace(tool_name: string, more: Record<string, unknown> = {}): void {
  const event = { hook_event_name: "PostToolUse", tool_name, tool_input: {}, tool_use_id: "toolu_1", ...more };
  expect(room.run("tool-trace", event)).toEqual(SILENT);
}

describe("security-validator as a program", () => {
  it("says nothing about what is harmless, and denies with a reason what is not", () => {
    const event = { hook_event_name: "PreToolUse", tool_name: "Bash" };
    expect(room.run("security-validator", { ...event, tool_input: { command: "npm test" } })).toEqual(SILENT);
    const denied = room.run("security-validator", { ...event, tool_input: { command: "cat /etc/shadow" } });
    expect(denied).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(denied.stdout)).toEqual({
      hookSpecificOutput: {
        hookEventName: "PreToolUse",
        permissionDecision: "deny",
        permissionDecisionReason: "/etc/shadow holds credentials, which agents neither read nor write",
      },
    });
  });

  it.each(["", "not json", "[]", '{"tool_name":"Bash"}'])("blocks when it is told %j", (input) => {
    expect(room.run("security-validator", input)).toMatchObject({ code: 2, stdout: "" });
  });
});

describe("capture-session as a program", () => {
  it("tells at the start what work is open, and nothing when there is none", () => {
    const start = { hook_event_name: "SessionStart", source: "startup" };
    expect(room.run("capture-session", start)).toEqual(SILENT);
    openWork();
    const { stdout } = room.run("capture-session", start);
    expect(stdout).toContain("Move the site (20261124-move): phase verify, 1 of 2 criteria done");
    expect(stdout).toContain("open: ISC-2: HTTPS answers");
  });

  it("writes at the end what was done and what is open, and leaves the work as it was", () => {
    const work = openWork();
    trace("Bash");
    trace("Bash");
    trace("Write");
    expect(room.run("capture-session", { hook_event_name: "SessionEnd", reason: "other" })).toEqual(SILENT);
    const [summary = "", ...others] = filesBelow("Learning", "sessions");
    expect(others).toEqual([]);
    const text = readFileSync(inMemory("Learning", "sessions", summary), "utf8");
    expect(text).toContain("- Bash: 2\n- Write: 1\n");
    expect(text).toContain("1 of 2 criteria done");
    expect(text).toContain("open: ISC-2: HTTPS answers");
    expect(readFileSync(work, "utf8")).toBe(WORK);
  });
});

describe("capture-rating as a program", () => {
  const rate = (prompt: string, prompt_id = "") =>
    room.run("capture-rating", { hook_event_name: "UserPromptSubmit", prompt, prompt_id });

  it("adds a line for each rating and none for other prompts", () => {
    expect(rate("7 - nice")).toEqual(SILENT);
    expect(rate("write the tests")).toEqual(SILENT);
    expect(rate("3/10: it broke sk-ant-api03-abcdefghijklmnop")).toEqual(SILENT);
    const common = {
      timestamp: expect.stringMatching(/^20.*Z$/) as string,
      session_id: "main-code",
      source: "explicit",
    };
    expect(linesOf(inMemory("Signals", "ratings.jsonl"))).toEqual([
      { ...common, rating: 7, comment: "nice", confidence: 0.7, agent: "code" },
      { ...common, rating: 3, comment: "it broke [hidden]", confidence: 1, agent: "code" },
    ]);
  });

  it("keeps a prompt that comes again after a restart once", () => {
    rate("8/10", "turn-1");
    rate("8/10", "turn-1");
    rate("8/10", "turn-2");
    expect(linesOf(inMemory("Signals", "ratings.jsonl"))).toHaveLength(2);
  });

  it("begins a line of its own after one that was torn", () => {
    rate("8/10", "turn-1");
    const file = inMemory("Signals", "ratings.jsonl");
    truncateSync(file, statSync(file).size - 20);
    rate("9/10", "turn-2");
    rate("9/10", "turn-2");
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[1] ?? "")).toMatchObject({ rating: 9, prompt_id: "turn-2" });
  });
});

describe("capture-learning as a program", () => {
  const stop = (event: string, more: Record<string, unknown>) =>
    room.run("capture-learning", { hook_event_name: event, stop_hook_active: false, ...more });

  it("files each learning once, under its phase or the phase of the open work", () => {
    openWork();
    const last_assistant_message = "Done.\nLearning: test after the reload\nLearning (PLAN): ask first";
    expect(stop("Stop", { last_assistant_message })).toEqual(SILENT);
    expect(stop("SubagentStop", { last_assistant_message })).toEqual(SILENT);
    const files = filesBelow("Learning");
    expect(files).toHaveLength(2);
    expect(new Set(files.map((file) => file.split("/")[0]))).toEqual(new Set(["PLAN", "VERIFY"]));
    const verify = files.find((file) => file.startsWith("VERIFY/")) ?? "";
    const text = readFileSync(inMemory("Learning", verify), "utf8");
    expect(text).toMatch(/^---\ncapture_type: LEARNING\ntimestamp: 20.*Z\nphase: VERIFY\n/);
    expect(text).toMatch(/\n\ntest after the reload\n$/);
  });

  it("reads the last reply of the transcript when it is not told it, past a torn line", () => {
    const transcript_path = path.join(room.folder, "transcript.jsonl");
    const reply = { role: "assistant", content: [{ type: "text", text: "Lesson: keep it short" }] };
    writeFileSync(transcript_path, `${JSON.stringify({ type: "assistant", message: reply })}\n{"type":"assis`);
    expect(stop("Stop", { transcript_path })).toEqual(SILENT);
    expect(filesBelow("Learning")).toEqual([expect.stringMatching(/^LEARN\/.*_LEARNING_.*keep-it-short.*\.md$/)]);
  });

  it("never keeps an agent from stopping, even when it cannot write", () => {
    writeFileSync(inMemory().replace(/\/$/, ""), "a file where the folder should be");
    const end = stop("Stop", { last_assistant_message: "Learning: x" });
    expect(end.code).toBe(1);
    expect(end.stderr).toContain("The hook capture-learning failed");
  });
});

describe("tool-trace as a program", () => {
  it("adds one line for each call, without secrets and cut short", () => {
    trace("Bash", { tool_input: { command: "deploy sk-ant-api03-abcdefghijklmnop" }, tool_response: { stdout: "ok" } });
    trace("Bash", { hook_event_name: "PostToolUseFailure", error: "x".repeat(5000) });
    const [first, second] = linesOf(inMemory("Work", "active", "main-code", "TRACE.jsonl")) as Record<string, string>[];
    expect(first).toMatchObject({
      tool_name: "Bash",
      failed: false,
      tool_input_preview: '{"command":"deploy [hidden]"}',
      tool_response_preview: '{"stdout":"ok"}',
    });
    expect(second).toMatchObject({ failed: true });
    expect(second?.["tool_response_preview"]).toHaveLength(300);
  });

  it("moves a full trace to the archive whole", () => {
    const file = inMemory("Work", "active", "main-code", "TRACE.jsonl");
    mkdirSync(path.dirname(file), { recursive: true });
    appendFileSync(file, `${"x".repeat(9 * 1024 * 1024)}\n`);
    trace("Read");
    expect(linesOf(file)).toHaveLength(1);
    expect(filesBelow("Work", "archive")).toEqual([expect.stringMatching(/^main-code\/TRACE-.*\.jsonl$/)]);
  });
});

describe("before-compact as a program", () => {
  it("keeps a checkpoint of open work and latest calls, and prints it for the summary", () => {
    openWork();
    trace("Bash", { tool_input: { command: "npm test" } });
    const { code, stdout } = room.run("before-compact", { hook_event_name: "PreCompact", trigger: "auto" });
    expect(code).toBe(0);
    expect(stdout).toContain("open: ISC-2: HTTPS answers");
    expect(stdout).toContain('- Bash: {"command":"npm test"}');
    const [file = ""] = filesBelow("Work", "active", "main-code", "checkpoints");
    expect(readFileSync(inMemory("Work", "active", "main-code", "checkpoints", file), "utf8")).toBe(stdout);
  });
});

describe("the settings we ship", () => {
  it("name only hooks there are, and every hook there is", () => {
    const commands = Object.values(settings.hooks).flatMap((groups) => groups.flatMap(({ hooks }) => hooks));
    const named = commands.map(({ command }) => /^\{hooks\} ([\w-]+)$/.exec(command)?.[1]);
    expect(new Set(named)).toEqual(new Set(ownHooks.keys()));
  });

  it("name hooks that end well for a plain event of their kind", () => {
    for (const [hook_event_name, groups] of Object.entries(settings.hooks)) {
      const event = { hook_event_name, tool_name: "Read", tool_input: { file_path: "a.txt" }, prompt: "hello" };
      for (const { command } of groups.flatMap(({ hooks }) => hooks)) {
        expect(room.run(command.replace("{hooks} ", ""), event), `${hook_event_name}: ${command}`).toMatchObject({
          code: 0,
          stderr: "",
        });
      }
    }
  });
});

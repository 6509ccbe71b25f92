import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTurnHooks } from "../../../server-agent/hooks/turn-hooks.ts";
import { BASH_LS, command, createHookWorld, STOP, type HookWorld } from "../../support/hook-world.ts";
import { until } from "../../support/start-program.ts";

const MESSAGES = [
  { role: "user", content: "hello" },
  { role: "assistant", content: [{ type: "text", text: "hi" }] },
];

let world: HookWorld;
beforeEach(() => {
  world = createHookWorld(MESSAGES);
});
afterEach(() => world.remove());

const inWorkspace = (name: string): string => path.join(world.workspace, name);
const readLog = (name: string): string => readFileSync(inWorkspace(name), "utf8");

describe("a command hook", () => {
  it("is told what happened in the names of Claude Code", async () => {
    world.settings({ PreToolUse: command("cat > told.json") });
    await world.run(BASH_LS);
    expect(JSON.parse(readLog("told.json"))).toEqual({
      session_id: "main-code",
      transcript_path: path.join(world.home, "transcripts", "task-1.1.jsonl"),
      cwd: world.workspace,
      permission_mode: "default",
      ...BASH_LS,
    });
  });

  it("finds the conversation in the transcript", async () => {
    world.settings({ Stop: command('cp "$(sed \'s/.*"transcript_path":"\\([^"]*\\)".*/\\1/\')" seen.jsonl') });
    await world.run(STOP);
    const lines = readLog("seen.jsonl").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject(
      MESSAGES.map((message) => ({ type: message.role, sessionId: "main-code", cwd: world.workspace, message })),
    );
    expect(statSync(path.join(world.home, "transcripts", "task-1.1.jsonl")).mode & 0o077).toBe(0);
  });

  it("finds only transcripts of the last days beside it", async () => {
    const folder = path.join(world.home, "transcripts");
    mkdirSync(folder);
    for (const [name, days] of [
      ["old", 8],
      ["new", 6],
    ] as const) {
      const seconds = Date.now() / 1000 - days * 24 * 3600;
      writeFileSync(path.join(folder, `${name}.jsonl`), "");
      utimesSync(path.join(folder, `${name}.jsonl`), seconds, seconds);
    }
    world.settings({ Stop: command("exit 0") });
    await world.run(STOP);
    expect(new Set(readdirSync(folder))).toEqual(new Set(["new.jsonl", "task-1.1.jsonl"]));
  });

  it("has an environment of its own, with nothing of ours in it", async () => {
    process.env["ANTHROPIC_API_KEY"] = "canary";
    world.settings({ Stop: command("env > seen.env") });
    await world.run(STOP);
    delete process.env["ANTHROPIC_API_KEY"];
    const names = readLog("seen.env")
      .trimEnd()
      .split("\n")
      .map((line) => line.split("=")[0]);
    // bash itself adds PWD, SHLVL and _.
    const given = ["AI_INFRA_AGENT", "CLAUDE_PROJECT_DIR", "HOME", "LANG", "PAI_DIR", "PATH"];
    expect(new Set(names)).toEqual(new Set([...given, "PWD", "SHLVL", "_"]));
  });

  it("runs beside the others of its event, and once when it is named twice", async () => {
    const meet = (mine: string, other: string) => `echo x >> ${mine}; until [ -e ${other} ]; do sleep 0.01; done`;
    const [a, b] = [meet("a", "b"), meet("b", "a")];
    world.settings({
      PreToolUse: [...command(a), { matcher: "Bash", hooks: [{ type: "command", command: a }] }, ...command(b)],
    });
    expect((await world.run(BASH_LS)).decision).toBe("none");
    expect([readLog("a"), readLog("b")]).toEqual(["x\n", "x\n"]);
  });

  it("does not run for what its matcher leaves out", async () => {
    world.settings({ PreToolUse: [{ matcher: "Write|Edit", hooks: [{ type: "command", command: "exit 2" }] }] });
    expect((await world.run(BASH_LS)).decision).toBe("none");
  });

  it("may be a program with arguments of its own, without a shell", async () => {
    const script = world.script("args.sh", 'printf "%s|" "$@" > args.txt');
    world.settings({ Stop: command(script, { args: ["${CLAUDE_PROJECT_DIR}/x y", "$HOME; exit 1"] }) });
    expect((await world.run(STOP)).reports).toEqual([]);
    expect(readLog("args.txt")).toBe(`${world.workspace}/x y|$HOME; exit 1|`);
  });

  it("is stopped with its children when a person interrupts", async () => {
    const interrupt = new AbortController();
    world.settings({ PreToolUse: command("echo $$ > pid; sleep 60") });
    const running = world.run(BASH_LS, interrupt.signal);
    const pid = Number(await until("the hook runs", () => existsSync(inWorkspace("pid")) && readLog("pid")));
    interrupt.abort();
    await expect(running).rejects.toThrow(/abort/);
    await until("the hook is gone", () => !existsSync(`/proc/${pid}`));
  });

  it("is not there any more when the operator switches all off, ours included", async () => {
    const credentials = { ...BASH_LS, tool_input: { command: "cat /etc/shadow" } };
    expect((await world.run(credentials)).decision).toBe("deny");
    world.settings({ PreToolUse: command("exit 2") }, { disableAllHooks: true });
    expect((await world.run(credentials)).decision).toBe("none");
  });
});

describe("an http hook", () => {
  it("is posted the input with its headers, and its answer counts", async () => {
    const seen: unknown[] = [];
    const server = createServer((request, response) => {
      const answer = async (): Promise<void> => {
        const body = JSON.parse(await text(request)) as unknown;
        seen.push([request.method, request.headers["content-type"], request.headers["x-agent"], body]);
        const specific = { permissionDecision: "ask", permissionDecisionReason: "?" };
        response.end(JSON.stringify({ hookSpecificOutput: specific }));
      };
      void answer();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/guard`;
    const headers = { "x-agent": "agent ${AI_INFRA_AGENT}" };
    world.settings({ PreToolUse: [{ hooks: [{ type: "http", url, headers, allowedEnvVars: ["AI_INFRA_AGENT"] }] }] });
    const outcome = await world.run(BASH_LS);
    server.close();
    expect(outcome).toMatchObject({ decision: "ask", reason: `“${url}”: ?` });
    expect(seen).toEqual([["POST", "application/json", "agent code", expect.objectContaining(BASH_LS)]]);
  });

  it("with nothing to say allows nothing and forbids nothing", async () => {
    const server = createServer((_, response) => response.writeHead(204).end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    world.settings({ PreToolUse: [{ hooks: [{ type: "http", url }] }] });
    const outcome = await world.run(BASH_LS);
    server.close();
    expect(outcome).toMatchObject({ decision: "none", reports: [] });
  });
});

describe("a hook in the workspace's own settings", () => {
  const denying = command("echo no >&2; exit 2");

  it("does not run unless the operator says so", async () => {
    world.workspaceSettings({ PreToolUse: denying });
    expect((await world.run(BASH_LS)).decision).toBe("none");
    world.settings({}, { allowManagedHooksOnly: false });
    expect(await world.run(BASH_LS)).toMatchObject({
      decision: "deny",
      reason: expect.stringMatching(/of the workspace: no$/) as string,
    });
  });

  it("runs in the sandbox: it sees the project and the input, not the machine or the network", async () => {
    world.settings({}, { allowManagedHooksOnly: false });
    const probe = `cat > told.json; echo "$CLAUDE_PROJECT_DIR" > seen; cat '${world.operatorFile}' >> seen; cat /proc/net/dev | wc -l >> seen; echo x > '${world.home}/x'`;
    world.workspaceSettings({ Stop: command(`${probe}; exit 0`) });
    expect((await world.run(STOP)).reports).toEqual([]);
    expect(JSON.parse(readLog("told.json"))).toMatchObject(STOP);
    // Two lines of headings, and the loopback.
    expect(readLog("seen")).toBe(`${world.workspace}\n3\n`);
    expect(existsSync(path.join(world.home, "x"))).toBe(false);
  });

  it("cannot allow, cannot change a call, cannot use the network, cannot start our own hooks", async () => {
    world.settings({}, { allowManagedHooksOnly: false });
    const answerWith = (specific: unknown) => command(`echo '${JSON.stringify({ hookSpecificOutput: specific })}'`);
    world.workspaceSettings({ PreToolUse: answerWith({ permissionDecision: "allow" }) });
    expect((await world.run(BASH_LS)).decision).toBe("none");
    world.workspaceSettings({ PreToolUse: answerWith({ updatedInput: { command: "id" } }) });
    expect(await world.run(BASH_LS)).toMatchObject({ decision: "deny", updatedInput: null });
    world.workspaceSettings({ PreToolUse: [{ hooks: [{ type: "http", url: "http://127.0.0.1:1/" }] }] });
    expect((await world.run(BASH_LS)).reason).toMatch(/cannot use the network/);
    world.workspaceSettings({ PreToolUse: command("{hooks} tool-trace") });
    expect((await world.run(BASH_LS)).decision).toBe("deny");
  });

  it("cannot switch off other hooks, nor let itself in", async () => {
    world.settings({ PreToolUse: command("exit 2") });
    writeFileSync(path.join(world.workspace, "x"), "");
    world.workspaceSettings({});
    writeFileSync(
      path.join(world.workspace, ".claude", "settings.json"),
      JSON.stringify({ disableAllHooks: true, allowManagedHooksOnly: false, hooks: { Stop: command("exit 2") } }),
    );
    expect((await world.run(BASH_LS)).decision).toBe("deny");
    expect((await world.run(STOP)).block).toBeNull();
  });
});

describe("hooks written for Claude Code", () => {
  beforeEach(() => {
    const project = fileURLToPath(new URL("../../support/claude-code-hooks", import.meta.url));
    cpSync(project, world.workspace, { recursive: true });
    cpSync(path.join(project, ".claude", "settings.json"), world.operatorFile);
  });

  const turn = { id: "turn-1", request: "hello", from: "person" } as const;
  const turnHooks = () =>
    createTurnHooks({
      hooks: world,
      agent: "code",
      workspace: world.workspace,
      signal: new AbortController().signal,
      report: (line) => expect.unreachable(line),
      onStop: (reason) => expect.unreachable(reason.message),
    });
  const before = async (tool: string, input: Record<string, unknown>) =>
    await turnHooks().beforeTool({ id: "toolu_1", tool, input });

  it("tell the model about the project when a session starts", async () => {
    expect(await turnHooks().sessionStarted("startup")).toBe("Conventions of workspace: tabs, no semicolons.");
  });

  it("refuse a prompt, or add to it", async () => {
    expect(await turnHooks().promptSubmitted(turn)).toEqual({ context: "Time zone: UTC", refusal: null });
    const secret = { ...turn, request: "log in with password: 1234" };
    expect((await turnHooks().promptSubmitted(secret)).refusal).toMatch(/The prompt holds a password/);
    expect(await turnHooks().promptSubmitted({ ...secret, from: "agent" })).toEqual({ context: "", refusal: null });
  });

  it("judge tools of ours by the names of Claude Code", async () => {
    expect(await before("run_command", { command: "ls" })).toMatchObject({
      decision: "go_on",
      input: { command: "ls" },
    });
    expect(await before("run_command", { command: "rm -rf build" })).toEqual({
      decision: "deny",
      reason:
        '“"$CLAUDE_PROJECT_DIR"/.claude/hooks/block-rm.sh”: Blocked: rm -rf is not allowed, move it to trash/ instead',
    });
    expect(await before("write_file", { path: "package-lock.json", content: "" })).toMatchObject({
      decision: "deny",
      reason: expect.stringMatching(/written by npm$/) as string,
    });
    expect(await before("edit_file", { path: "db/migrations/1.sql" })).toMatchObject({ decision: "ask" });
  });

  it("work on what a tool has written", async () => {
    writeFileSync(inWorkspace("a.txt"), "one  \ntwo\t\n");
    const call = { id: "toolu_1", tool: "write_file", input: { path: "a.txt", content: "one  \ntwo\t\n" } };
    expect(await turnHooks().afterTool(call, { output: "Wrote it", failed: false })).toBe("");
    expect(readLog("a.txt")).toBe("one\ntwo\n");
    expect(readLog("edited.log")).toBe(`${inWorkspace("a.txt")}\n`);
    await turnHooks().afterTool(call, { output: "disk full", failed: true });
    expect(readLog("edited.log")).toBe(`${inWorkspace("a.txt")}\n`);
  });

  it("keep the agent from stopping once", async () => {
    const end = { text: "Done.", isContinued: false };
    expect(await turnHooks().stopping(turn, end)).toMatch(/Write NOTES\.md before you stop\.$/);
    expect(await turnHooks().stopping(turn, { ...end, isContinued: true })).toBeNull();
    writeFileSync(inWorkspace("NOTES.md"), "notes");
    expect(await turnHooks().stopping(turn, end)).toBeNull();
  });
});

import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { installedClaudeCode } from "../../../support/claude-code-install.ts";
import { answer, type Block, refuse, type Reply, say, stall } from "../../../support/messages-api.ts";
import { until } from "../../../support/start-program.ts";
import { createTurnBench, type RunSettings, type TurnBench } from "../../../support/turn-bench.ts";

const folder = installedClaudeCode();
const KEY = "sk-ant-test";
let bench: TurnBench;
let script: Reply[] = [];
beforeEach(async () => {
  bench = await createTurnBench(() => script.shift() ?? say("There is nothing left in the script"));
});
afterEach(() => {
  bench.close();
  script = [];
});

const run = async (settings: RunSettings = {}) =>
  await bench.run({
    ...settings,
    claudeCodeDir: String(folder),
    profile: { driver: "claude-code", ...settings.profile },
  });
const call = (id: string, name: string, input: object): Block => ({ type: "tool_use", id, name, input });
const write = (id: string, path: string): Block => call(id, "mcp__team__write_file", { path, content: "once" });
const sent = (index: number): string => bench.api.requests[index]?.raw ?? "";

/** What stands in the environment and on the command line of every process of the installed package. */
function seenOfPrograms(): string[] {
  return programs().flatMap((pid) =>
    ["environ", "cmdline"].map((file) => readFileSync(`/proc/${pid}/${file}`, "utf8")),
  );
}

/** The processes of Claude Code that this test has. */
function programs(): number[] {
  return readdirSync("/proc").flatMap((name) => {
    try {
      const isProgram = readlinkSync(`/proc/${name}/exe`).startsWith(String(folder));
      return isProgram && readFileSync(`/proc/${name}/environ`, "utf8").includes(bench.workspace) ? Number(name) : [];
    } catch {
      return [];
    }
  });
}

describe.skipIf(folder === null)("a turn that Claude Code drives", () => {
  it("journals each answer before its calls, their results after, by the names that every driver knows", async () => {
    script = [
      answer([{ type: "text", text: "I write." }, write("c1", "a.txt"), write("c2", "b.txt")]),
      say("Written."),
    ];
    expect(await run()).toMatchObject({ state: "done", text: "Written." });
    expect(bench.entries.map(({ kind }) => kind)).toEqual(["assistant", "tool_results", "assistant"]);
    expect(JSON.stringify(bench.entries)).not.toContain("mcp__team__");
    expect([...bench.calls.values()].map(({ callId, tool, state }) => [callId, tool, state])).toEqual([
      ["c1", "write_file", "done"],
      ["c2", "write_file", "done"],
    ]);
    expect(readFileSync(`${bench.workspace}/b.txt`, "utf8")).toBe("once");
    expect(bench.said.map(({ text }) => text)).toEqual(["I write.", "Written."]);
  });

  it("offers the team's tools and no other, and its own prompt", async () => {
    script = [say("Hello.")];
    await run({ profile: { tools: ["read_file", "ask_person"], prompt: "You are code." } });
    const { tools, system } = bench.api.requests[0]?.body ?? {};
    expect((tools as { name: string }[]).map(({ name }) => name)).toEqual([
      "mcp__team__ask_person",
      "mcp__team__read_file",
    ]);
    expect(JSON.stringify(system)).toContain("You are code.");
  });

  it("never has the key: not in its environment, not on its command line", async () => {
    let seen: string[] = [];
    script = [
      (...given) => {
        seen = seenOfPrograms();
        say("Hello.")(...given);
      },
    ];
    await run();
    expect(bench.api.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(seen.length).toBeGreaterThanOrEqual(2);
    expect(seen.join("\n")).toContain("ANTHROPIC_BASE_URL=http://127.0.0.1:");
    expect(seen.join("\n")).not.toContain(KEY);
  });

  it("gives up at once when the key is refused", async () => {
    script = [refuse(401, "invalid x-api-key")];
    const started = Date.now();
    expect(await run()).toMatchObject({ state: "failed", error: { code: "model.key_refused" } });
    expect(Date.now() - started).toBeLessThan(5_000);
    expect(bench.api.requests).toHaveLength(1);
  });

  it("answers a call of a tool that is not ours itself, and the turn goes on", async () => {
    script = [answer([call("c1", "Bash", { command: "id > /tmp/bash-ran" })]), say("I have no such tool.")];
    expect(await run()).toMatchObject({ state: "done", text: "I have no such tool." });
    expect(bench.calls.size).toBe(0);
    expect(JSON.stringify(bench.entries[1])).toMatch(/"is_error":true/);
  });

  it("takes words that begin with a slash, or name a file, as words", async () => {
    script = [say("Fine.")];
    await run({ request: "/compact then read @/etc/hostname" });
    expect(sent(0)).toContain("/compact then read @/etc/hostname");
  });

  it("gives long results whole", async () => {
    const command = "head -c 90000 /dev/zero | tr '\\0' y";
    script = [answer([call("c1", "mcp__team__run_command", { command })]), say("Long.")];
    await run();
    expect(sent(1)).toContain("y".repeat(90_000));
  });

  it("shows thoughts apart, and gives them back as they were", async () => {
    const thought = { type: "thinking", thinking: "Let me see.", signature: "signed" } as const;
    script = [answer([thought, write("c1", "a.txt")]), say("Done.")];
    await run();
    expect(bench.shown).toContain("thought 0");
    expect(bench.said.map(({ kind }) => kind)).toEqual(["thought", "said"]);
    expect(sent(1)).toContain('"signature":"signed"');
  });

  it("goes on from the journal of a process that died before the results were kept, running nothing twice", async () => {
    script = [answer([write("c1", "a.txt")]), say("Written.")];
    const died = new Error("killed");
    const beforeAppend = ({ kind }: { kind: string }): void => {
      if (kind === "tool_results") throw died;
    };
    expect(await run({ beforeAppend })).toMatchObject({ state: "failed" });
    expect(bench.calls.get("c1")?.state).toBe("done");
    // The program may have asked on before it was ended.
    script = [say("Written.")];
    expect(await run()).toMatchObject({ state: "done", text: "Written." });
    const messages = bench.api.requests.at(-1)?.body.messages ?? [];
    expect(JSON.stringify(messages)).toContain(`"tool_use_id":"c1"`);
    expect(bench.shown.filter((line) => line.startsWith("call "))).toHaveLength(1);
  });

  it("goes on with what another driver began", async () => {
    script = [answer([call("c1", "write_file", { path: "a.txt", content: "api" })]), refuse(400, "no")];
    expect(await bench.run()).toMatchObject({ state: "failed" });
    script = [say("Gone on.")];
    expect(await run()).toMatchObject({ state: "done", text: "Gone on." });
    expect(JSON.stringify(bench.api.requests.at(-1)?.body.messages)).toContain('"name":"mcp__team__write_file"');
  });

  it("keeps the outcome of a command through kill -9 of the program, and goes on", async () => {
    const command = "sleep 1; echo kept >> kept.txt; cat kept.txt";
    script = [answer([call("c1", "mcp__team__run_command", { command })]), say("Kept.")];
    const running = run();
    await until("the command runs", () => bench.calls.get("c1")?.state === "running");
    for (const pid of programs()) process.kill(pid, "SIGKILL");
    expect(await running).toMatchObject({ state: "done", text: "Kept." });
    expect(bench.calls.get("c1")).toMatchObject({ state: "done", output: "kept\n" });
    expect(bench.shown.join("\n")).toContain("Claude Code ended by itself");
    expect(JSON.stringify(bench.api.requests.at(-1)?.body.messages)).toContain("kept");
  });

  it("puts a person's word in after the results of the step", async () => {
    const steering = new Map<string, string>();
    script = [
      answer([call("c1", "mcp__team__run_command", { command: "sleep 1; echo first" })]),
      say("I have heard it."),
    ];
    const running = run({ control: { steering } });
    await until("the command runs", () => bench.calls.get("c1")?.state === "running");
    steering.set("m1", "stop here");
    expect(await running).toMatchObject({ state: "done", text: "I have heard it." });
    expect(bench.entries.map(({ kind }) => kind)).toEqual(["assistant", "tool_results", "steer", "assistant"]);
    expect(bench.api.requests).toHaveLength(2);
  });

  it("lets the running command end when it is paused, and goes on later", async () => {
    const leave = new AbortController();
    script = [answer([call("c1", "mcp__team__run_command", { command: "sleep 1; echo ended" })]), say("Gone on.")];
    const running = run({ control: { leave: leave.signal } });
    await until("the command runs", () => bench.calls.get("c1")?.state === "running");
    leave.abort();
    expect(await running).toEqual({ state: "left" });
    expect(bench.calls.get("c1")).toMatchObject({ state: "done", output: "ended\n" });
    expect(bench.api.requests).toHaveLength(1);
    expect(await run()).toMatchObject({ state: "done", text: "Gone on." });
  });

  it("asks again when a stream is cut, and counts every answer as what it was", async () => {
    const cut = stall([{ type: "text", text: "half" }], ({ type }) => type === "content_block_delta");
    const broken: Reply = (response, request) => {
      cut(response, request);
      setTimeout(() => response.destroy(), 100);
    };
    script = [broken, say("Whole.")];
    expect(await run()).toMatchObject({ state: "done", text: "Whole." });
    expect(bench.said.map(({ text }) => text)).toEqual(["Whole."]);
    expect(bench.ledger.uses.at(-1)).toMatchObject({ status: 200, error: null });
    expect(programs()).toEqual([]);
  });

  it("says how to install it where it is missing", async () => {
    const outcome = await bench.run({ claudeCodeDir: bench.workspace, profile: { driver: "claude-code" } });
    expect(outcome).toMatchObject({
      state: "failed",
      error: {
        code: "agents.driver_missing",
        hint: expect.stringContaining(`--prefix ${bench.workspace} @anthropic-ai/claude-agent-sdk@0.3.330`),
      },
    });
  });
});

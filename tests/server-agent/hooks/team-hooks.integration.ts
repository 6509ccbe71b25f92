import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Approval } from "../../../contract/approvals.ts";
import { command } from "../../support/hook-world.ts";
import { query } from "../../support/postgres.ts";
import { until } from "../../support/start-program.ts";
import { createTeam, type TestTeam } from "../team/team-on-daemon.ts";

let folder: string;
let team: TestTeam;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "team-hooks-"));
  team = await createTeam({ operatorHooks: path.join(folder, "hooks.json") });
});
afterEach(() => rmSync(path.join(folder, "hooks.json"), { force: true }));
afterAll(async () => {
  await team.remove();
  rmSync(folder, { recursive: true });
});

const settings = (hooks: unknown): void => writeFileSync(path.join(folder, "hooks.json"), JSON.stringify({ hooks }));
const say = (answer: unknown) => command(`echo '${JSON.stringify(answer)}'`);
const beforeTool = (specific: unknown) => say({ hookSpecificOutput: specific });
const ask = async (text: string) => await team.whenEnded(await team.send(text, "code"));
const memory = (...names: string[]): string =>
  path.join(team.daemon.config.stateDir, "agents", "code", "MEMORY", ...names);
const inWorkspace = (name: string): string => path.join(team.workspace, name);

async function callsOf(taskId: string) {
  return (await (await team.app()).tasks.show({ id: taskId })).calls;
}

describe("hooks around a tool", () => {
  it("end a call before the daemon is asked, with their reason for the model", async () => {
    settings({ PreToolUse: command("echo 'not on a Tuesday' >&2; exit 2") });
    const task = await ask("run touch denied.txt");
    expect(task.result).toContain("not on a Tuesday");
    expect(existsSync(inWorkspace("denied.txt"))).toBe(false);
    expect(await callsOf(task.id)).toMatchObject([
      { state: "failed", output: expect.stringContaining("Tuesday") as string },
    ]);
  });

  it("change what the tool is given, and the daemon judges and records what it is given", async () => {
    settings({
      PreToolUse: beforeTool({ permissionDecision: "allow", updatedInput: { command: "echo from-the-hook" } }),
    });
    const task = await ask("run echo from-the-model");
    expect(await callsOf(task.id)).toMatchObject([{ state: "done", summary: "echo from-the-hook" }]);
    const trail = await query(
      team.daemon.config.postgres,
      `select detail from audit where task_id = '${task.id}' and kind = 'call_started'`,
    );
    expect(JSON.stringify(trail)).toContain("echo from-the-hook");
    expect(JSON.stringify(trail)).not.toContain("from-the-model");
  });

  it("refuse a change the tool does not take", async () => {
    settings({ PreToolUse: beforeTool({ updatedInput: { script: "x" } }) });
    expect((await ask("run echo x")).result).toContain("A hook changed the call to one that run_command does not take");
  });

  it("have a person asked, whatever the policy says", async () => {
    settings({ PreToolUse: beforeTool({ permissionDecision: "ask", permissionDecisionReason: "on a Friday?" }) });
    const taskId = await team.send("run echo asked > asked.txt", "code");
    const app = await team.app();
    const question = await until(
      "a person is asked",
      async () => (await app.approvals.list({})).find((approval: Approval) => approval.taskId === taskId) ?? null,
    );
    expect(question.reason).toContain("on a Friday?");
    expect(existsSync(inWorkspace("asked.txt"))).toBe(false);
    await app.approvals.answer({ id: question.id, allow: true, hash: question.hash });
    expect(await team.whenEnded(taskId)).toMatchObject({ state: "done" });
    expect(readFileSync(inWorkspace("asked.txt"), "utf8")).toBe("asked\n");
  });

  it("tell the model what they think of the result", async () => {
    settings({ PostToolUse: say({ decision: "block", reason: "two spaces, please" }) });
    const task = await ask("run echo formatted");
    expect(await callsOf(task.id)).toMatchObject([
      { output: expect.stringMatching(/^formatted\n[^]*two spaces, please$/) as string },
    ]);
  });

  it("of ours guard credentials without any settings", async () => {
    const task = await ask("run cat /etc/shadow");
    expect(task.result).toContain("“security-validator”: /etc/shadow holds credentials");
  });
});

describe("hooks around a turn", () => {
  it("add to the request, which stays the person's", async () => {
    settings({ UserPromptSubmit: command("echo 'It is Tuesday.'") });
    const task = await ask("run echo done");
    expect(task.result).toContain("done");
    const journal = await query(
      team.daemon.config.postgres,
      `select kind, message from journal_entries where turn_id = '${task.id}.1' order by index limit 1`,
    );
    expect(journal).toEqual([
      { kind: "hooks", message: { role: "user", content: "What hooks of this team say:\nIt is Tuesday." } },
    ]);
  });

  it("refuse a request", async () => {
    settings({ UserPromptSubmit: say({ decision: "block", reason: "no passwords here" }) });
    expect(await ask("run echo password")).toMatchObject({
      state: "failed",
      error: {
        code: "task.failed",
        message: expect.stringMatching(/refused this request.*no passwords here$/) as string,
      },
    });
  });

  it("keep the agent from stopping until they are content", async () => {
    const log = path.join(folder, "stops");
    settings({
      Stop: command(`cat >> ${log}; echo >> ${log}; [ $(wc -l < ${log}) -ge 3 ] || { echo 'not yet' >&2; exit 2; }`),
    });
    expect(await ask("run echo once >> worked.txt")).toMatchObject({ state: "done" });
    const stops = readFileSync(log, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    expect(stops).toMatchObject([{ stop_hook_active: false }, { stop_hook_active: true }, { stop_hook_active: true }]);
    expect(readFileSync(inWorkspace("worked.txt"), "utf8")).toBe("once\n");
  });

  it("are not asked for ever", async () => {
    const log = path.join(folder, "refusals");
    settings({ Stop: command(`echo x >> ${log}; echo 'never' >&2; exit 2`) });
    expect(await ask("run echo tired")).toMatchObject({ state: "done" });
    expect(readFileSync(log, "utf8")).toBe("x\n".repeat(9));
    expect(team.screen("code")).toContain("Hooks asked 8 times to go on; the turn ends.");
  });

  it("stop the work altogether", async () => {
    settings({ PostToolUse: say({ continue: false, stopReason: "the budget is spent" }) });
    expect(await ask("run echo 1, then run touch second.txt")).toMatchObject({
      state: "failed",
      error: { message: expect.stringMatching(/A hook stopped the work.*the budget is spent$/) as string },
    });
    expect(existsSync(inWorkspace("second.txt"))).toBe(false);
  });

  it("are named in the agent's window when they fail", async () => {
    settings({ Stop: command("/nowhere/notify") });
    expect(await ask("run echo fine")).toMatchObject({ state: "done" });
    expect(team.screen("code")).toMatch(/The hook “\/nowhere\/notify” failed: exit code 127/);
  });
});

describe("our own hooks", () => {
  it("are programs too, as a role of the daemon's file", () => {
    const event = { hook_event_name: "PreToolUse", tool_name: "Read", tool_input: { file_path: "/etc/shadow" } };
    const { node, bundle } = team.daemon.config;
    const end = spawnSync(node, [bundle, "hook", "security-validator"], {
      input: JSON.stringify(event),
      encoding: "utf8",
    });
    expect(end).toMatchObject({ status: 0, stdout: expect.stringContaining('"permissionDecision":"deny"') as string });
  });

  it("keep ratings, traces and the end of a session in the agent's own memory", async () => {
    await ask("9/10 - well done");
    await ask("run echo traced");
    const ratings = readFileSync(memory("Signals", "ratings.jsonl"), "utf8");
    expect(ratings.match(/"rating":9,.*"comment":"well done"/g)).toHaveLength(1);
    expect(readFileSync(memory("Work", "active", "main-code", "TRACE.jsonl"), "utf8")).toContain("echo traced");
    process.kill(team.panePid("code"), "SIGTERM");
    const month = memory("Learning", "sessions", new Date().toISOString().slice(0, 7));
    const summary = await until(
      "the session has ended",
      () => existsSync(month) && (readdirSync(month).find((name) => name.endsWith(".md")) ?? null),
    );
    expect(readFileSync(path.join(month, summary), "utf8")).toMatch(/- Bash: \d+/);
  });
});

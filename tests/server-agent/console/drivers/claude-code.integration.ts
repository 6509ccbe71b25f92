import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { installedClaudeCode } from "../../../support/claude-code-install.ts";
import { until } from "../../../support/start-program.ts";
import { createTeam, type TestTeam } from "../../team/team-on-daemon.ts";

const folder = installedClaudeCode();
let team: TestTeam;
beforeAll(async () => {
  if (folder === null) return;
  team = await createTeam({ claudeCodeDir: folder });
  await (await team.app()).agents.update({ name: "code", change: { driver: "claude-code" } });
});
afterAll(async () => await team?.remove());
beforeEach(async () => await team?.whenIdle());

const inWorkspace = (file: string): string => path.join(team.workspace, file);
const calls = async (taskId: string) => (await (await team.app()).tasks.show({ id: taskId })).calls;
const shown = async (taskId: string) => (await calls(taskId)).map(({ tool, state }) => `${tool} ${state}`);
const whenRunning = async (taskId: string, summary: string): Promise<void> => {
  await until(`${summary} runs`, async () =>
    (await calls(taskId)).some((call) => call.summary.includes(summary) && call.state === "running"),
  );
};
const messagesOf = async (taskId: string): Promise<string[]> => {
  const { messages } = await (await team.app()).chat.history({});
  return messages.filter((message) => message.taskId === taskId && message.role === "agent").map(({ text }) => text);
};
const openApproval = async () =>
  await until("a person is asked", async () => (await (await team.app()).approvals.list({ state: "open" }))[0] ?? null);

/** The processes of this team's Claude Code. */
function programs(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const isProgram = readlinkSync(`/proc/${pid}/exe`).startsWith(String(folder));
        return isProgram && environment(pid).includes(team.daemon.config.stateDir);
      } catch {
        return false;
      }
    });
}
const environment = (pid: number): string => readFileSync(`/proc/${pid}/environ`, "utf8");
const program = async (): Promise<number> => await until("the program runs", () => programs()[0] ?? null);

describe.skipIf(folder === null)("an agent that Claude Code drives", () => {
  it("writes a file and runs a command with the team's own tools, and remembers it in the conversation", async () => {
    const taskId = await team.send("write hello.txt with Hello from there, then run wc -c hello.txt", "code");
    const task = await team.whenEnded(taskId);
    expect(task).toMatchObject({ state: "done", result: expect.stringContaining("16 hello.txt") });
    expect(readFileSync(inWorkspace("hello.txt"), "utf8")).toBe("Hello from there");
    expect(await shown(taskId)).toEqual(["write_file done", "run_command done"]);
    expect((await messagesOf(taskId)).join("\n")).toContain("I write `hello.txt`.");
    expect(team.screen("code")).toMatch(/✓ write\s+hello.txt[\s\S]*✓ run\s+wc -c hello.txt/);
    const next = await team.whenEnded(await team.send("read it", "code"));
    expect(next.state).toBe("done");
    expect(programs()).toEqual([]);
  });

  it("is told why a call was denied", async () => {
    const taskId = await team.send("run cat /etc/ai-infrastructure/policy.json", "code");
    expect((await team.whenEnded(taskId)).result).toContain("That failed, so I stop here");
    expect(await shown(taskId)).toEqual(["run_command failed"]);
  });

  it("waits for a person's yes, and runs exactly what was allowed", async () => {
    const taskId = await team.send("run some-unknown-program --version", "code");
    const { id, hash } = await openApproval();
    expect(await calls(taskId)).toEqual([]);
    await (await team.app()).approvals.answer({ id, allow: true, hash });
    expect((await team.whenEnded(taskId)).result).toContain("some-unknown-program: command not found");
    expect(await shown(taskId)).toEqual(["run_command failed"]);
  });

  it("goes on after kill -9 of the console in the middle of a command, repeating nothing", async () => {
    const request = "run echo one >> count.txt, then run `sleep 30; echo late >> late.txt`, then run wc -l count.txt";
    const taskId = await team.send(request, "code");
    await whenRunning(taskId, "sleep 30");
    const left = await program();
    process.kill(team.panePid("code"), "SIGKILL");
    const task = await team.whenEnded(taskId);
    expect(task).toMatchObject({ state: "done", result: expect.stringContaining("1 count.txt") });
    expect((await calls(taskId)).map(({ state }) => state)).toEqual(["done", "unknown", "done"]);
    expect(readFileSync(inWorkspace("count.txt"), "utf8")).toBe("one\n");
    expect(existsSync(inWorkspace("late.txt"))).toBe(false);
    await until("the program of the killed console is gone", () => !existsSync(`/proc/${left}`));
  });

  it("keeps the outcome of a command through kill -9 of the program, and goes on", async () => {
    const taskId = await team.send("run `sleep 3; echo kept >> kept.txt`, then run wc -l kept.txt", "code");
    await whenRunning(taskId, "sleep 3");
    process.kill(await program(), "SIGKILL");
    expect(await team.whenEnded(taskId)).toMatchObject({
      state: "done",
      result: expect.stringContaining("1 kept.txt"),
    });
    expect((await calls(taskId)).map(({ state }) => state)).toEqual(["done", "done"]);
    expect(team.screen("code")).toContain("Claude Code ended by itself");
  });

  it("streams one whole message through kill -9 of the program", async () => {
    const taskId = await team.send("stream long 1200 slowly", "code");
    await until("text streams", () => team.screen("code").includes("word-15"));
    process.kill(await program(), "SIGKILL");
    const task = await team.whenEnded(taskId);
    expect(task.state).toBe("done");
    expect(await messagesOf(taskId)).toEqual([task.result]);
    expect(task.result).toHaveLength(1200);
  });

  it("stops at once when a person interrupts it", async () => {
    const taskId = await team.send("run `touch began; sleep 61; touch ended`", "code");
    await until("the command runs", () => existsSync(inWorkspace("began")));
    team.tmux("send-keys", "-t", "ai-infrastructure:code", "C-c");
    expect(await team.whenEnded(taskId)).toMatchObject({ state: "cancelled" });
    expect((await calls(taskId)).map(({ state }) => state)).toEqual(["failed"]);
    await until("the program is gone", () => programs().length === 0);
  });

  it("takes a person's word in between two steps", async () => {
    const taskId = await team.send("run `sleep 3; echo first`, then run echo never", "code");
    await whenRunning(taskId, "sleep 3");
    await (await team.app()).tasks.steer({ id: "steer-while-working", taskId, text: "run echo steered" });
    const task = await team.whenEnded(taskId);
    expect(task).toMatchObject({ state: "done", result: expect.stringContaining("A person says while you work") });
    expect((await calls(taskId)).map(({ summary }) => summary)).toEqual(["sleep 3; echo first"]);
  });

  it("rests on a budget of nothing in the middle of its work, and goes on when it is lifted, repeating nothing", async () => {
    const { budgets } = (await team.app()).spend;
    const taskId = await team.send("run `sleep 3; echo one >> rest.txt`, then run wc -l rest.txt", "code");
    await whenRunning(taskId, "sleep 3");
    await budgets.set({ name: "code", usd: 0 });
    await until("the task rests", async () => (await (await team.app()).tasks.show({ id: taskId })).task.rest ?? null);
    expect(team.screen("code")).toContain("Resting: ");
    await budgets.set({ name: "code", usd: null });
    expect(await team.whenEnded(taskId)).toMatchObject({
      state: "done",
      result: expect.stringContaining("1 rest.txt"),
    });
  });
});

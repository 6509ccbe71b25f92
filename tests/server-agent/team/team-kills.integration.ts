import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentName } from "../../../contract/agents.ts";
import { streamedText } from "../../../server-agent/gateway/streamed-text.ts";
import { until } from "../../support/start-program.ts";
import { createTeam, type TestTeam } from "./team-on-daemon.ts";

let team: TestTeam;
beforeAll(async () => {
  team = await createTeam();
});
afterAll(async () => await team.remove());

const inWorkspace = (file: string): string => path.join(team.workspace, file);
const calls = async (taskId: string) => (await (await team.app()).tasks.show({ id: taskId })).calls;
const whenRunning = async (taskId: string, summary: string): Promise<void> => {
  await until(`${summary} runs`, async () =>
    (await calls(taskId)).some((call) => call.summary.includes(summary) && call.state === "running"),
  );
};
const killConsole = (agent: AgentName): number => {
  const pid = team.panePid(agent);
  process.kill(pid, "SIGKILL");
  return pid;
};
const messagesOf = async (taskId: string): Promise<string[]> => {
  const { messages } = await (await team.app()).chat.history({});
  return messages.filter((message) => message.taskId === taskId && message.role === "agent").map(({ text }) => text);
};

describe("nothing is lost when something is killed", () => {
  it("goes on after kill -9 of a console in the middle of a command, repeating nothing", async () => {
    const request = "run echo one >> count.txt, then run `sleep 30; echo late >> late.txt`, then run wc -l count.txt";
    const taskId = await team.send(request, "code");
    await whenRunning(taskId, "sleep 30");
    const before = killConsole("code");
    const task = await team.whenEnded(taskId);
    expect(task.state).toBe("done");
    expect(task.result).toContain("1 count.txt");
    expect((await calls(taskId)).map(({ state }) => state)).toEqual(["done", "unknown", "done"]);
    expect(readFileSync(inWorkspace("count.txt"), "utf8")).toBe("one\n");
    expect(team.panePid("code")).not.toBe(before);
    expect(existsSync(inWorkspace("late.txt"))).toBe(false);
  });

  it("answers once and whole after kill -9 of a console in the middle of a stream", async () => {
    const taskId = await team.send("stream long 1200 slowly", "research");
    await until("text streams", () => team.screen("research").includes("word-15"));
    killConsole("research");
    expect(await team.whenEnded(taskId)).toMatchObject({ state: "done", result: streamedText(1200) });
    expect(await messagesOf(taskId)).toEqual([streamedText(1200)]);
  });

  it("goes on through kill -9 of the daemon while a command and a delegation run", async () => {
    const taskId = await team.send("ask the data agent to run `sleep 2; echo done >> once.txt`, then read once.txt");
    await until("data works", () => /▸ run `sleep 2/.test(team.screen("data")));
    await team.daemon.kill("SIGKILL");
    await team.daemon.start();
    const task = await team.whenEnded(taskId);
    expect(task).toMatchObject({ state: "done" });
    expect(readFileSync(inWorkspace("once.txt"), "utf8")).toBe("done\n");
    await team.whenIdle();
  });

  it("streams one whole message through kill -9 of the daemon", async () => {
    const taskId = await team.send("stream long 1200 slowly", "research");
    await until("text streams", () => /word-20(?![\s\S]*▸)/.test(team.screen("research")));
    await team.daemon.kill("SIGKILL");
    await team.daemon.start();
    await team.whenEnded(taskId);
    expect(await messagesOf(taskId)).toEqual([streamedText(1200)]);
  });

  it("keeps a line typed while the daemon is away, though the console is killed too, and sends it once", async () => {
    await team.daemon.kill("SIGKILL");
    await until("the console noticed", () => team.screen("qa").includes("offline, the daemon is away"));
    team.tmux("send-keys", "-t", "ai-infrastructure:qa", "-l", "run echo typed-while-away");
    team.tmux("send-keys", "-t", "ai-infrastructure:qa", "Enter");
    await until("the line is kept", () => team.screen("qa").includes("this is sent when it is back"));
    killConsole("qa");
    await team.daemon.start();
    await until("qa answered", () => /✓ run\s+echo typed-while-away/.test(team.screen("qa")));
    const unsent = path.join(team.daemon.config.stateDir, "agents/qa/unsent-lines.json");
    await until("the line is forgotten", () => readFileSync(unsent, "utf8") === "[]");
    const { messages } = await (await team.app()).chat.history({});
    expect(messages.filter(({ role, text }) => role === "person" && text.includes("typed-while-away"))).toHaveLength(1);
  });

  it("stops a command within two seconds of Ctrl-C in the window", async () => {
    const taskId = await team.send("run `touch began; sleep 61; touch ended`", "infra");
    await until("the command runs", () => existsSync(inWorkspace("began")));
    const started = Date.now();
    team.tmux("send-keys", "-t", "ai-infrastructure:infra", "C-c");
    expect(await team.whenEnded(taskId)).toMatchObject({ state: "cancelled" });
    expect(Date.now() - started).toBeLessThan(2_000);
    expect((await calls(taskId)).map(({ state }) => state)).toEqual(["failed"]);
  });
});

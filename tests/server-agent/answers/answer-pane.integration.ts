import { mkdirSync, existsSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentName } from "../../../contract/agents.ts";
import type { Approval } from "../../../contract/approvals.ts";
import { connectConsole } from "../../support/daemon-process.ts";
import { until } from "../../support/start-program.ts";
import { createTeam, type TestTeam } from "../team/team-on-daemon.ts";

let team: TestTeam;
beforeAll(async () => {
  team = await createTeam();
});
afterAll(async () => await team?.remove());

const READ_MS = 1_300;
const panes = (agent: AgentName): number =>
  team.tmux("list-panes", "-t", `ai-infrastructure:${agent}`, "-F", "#{pane_id}").split("\n").length;
/** As a person at the window does: to the pane that has the keyboard. */
const type = (agent: AgentName, line: string): void => {
  team.tmux("send-keys", "-t", `ai-infrastructure:${agent}`, "-l", line);
  team.tmux("send-keys", "-t", `ai-infrastructure:${agent}`, "Enter");
};
const whenShown = async (agent: AgentName, text: string): Promise<void> => {
  await until(`${text} stands below ${agent}`, () => panes(agent) === 2 && team.answers(agent).includes(text), 30_000);
};
const open = async (taskId: string): Promise<Approval> =>
  await until("a question is open", async () => {
    const asked = await (await team.app()).approvals.list({ state: "open" });
    return asked.find((one) => one.taskId === taskId) ?? null;
  });
const remove = async (agent: AgentName, folder: string): Promise<string> => {
  mkdirSync(path.join(team.workspace, folder));
  const taskId = await team.send(`run rm -rf ${folder}`, agent);
  await whenShown(agent, `rm -rf ${folder}`);
  return taskId;
};
const wait = async (ms: number): Promise<void> => await new Promise((resolve) => setTimeout(resolve, ms));

describe("a question in the window of the agent that asks", () => {
  it("shows the exact action, takes y and Enter, and goes away", async () => {
    const taskId = await remove("code", "old-a");
    await wait(READ_MS);
    type("code", "y");
    expect(await team.whenEnded(taskId)).toMatchObject({ state: "done" });
    expect(existsSync(path.join(team.workspace, "old-a"))).toBe(false);
    await until("the pane is gone", () => panes("code") === 1);
  });

  it("denies with n, and nothing is done", async () => {
    const taskId = await remove("data", "old-b");
    await wait(READ_MS);
    type("data", "n");
    expect((await team.whenEnded(taskId)).result).toContain("Denied by a person");
    expect(existsSync(path.join(team.workspace, "old-b"))).toBe(true);
  });

  it("takes any other line as a message to the agent and leaves the question open", async () => {
    const taskId = await remove("qa", "old-c");
    type("qa", "a");
    await whenShown("qa", "Told qa.");
    expect((await open(taskId)).state).toBe("open");
    const { messages } = await (await team.app()).chat.history({});
    expect(
      messages.filter(({ role, text, agent }) => role === "person" && text === "a" && agent === "qa"),
    ).toHaveLength(1);
    await wait(READ_MS);
    type("qa", "n");
    await team.whenEnded(taskId);
  });

  it("sends nothing when the question was answered elsewhere while the answer was being typed", async () => {
    const taskId = await remove("research", "old-d");
    await wait(READ_MS);
    team.tmux("send-keys", "-t", "ai-infrastructure:research", "-l", "y");
    const asked = await open(taskId);
    await (await team.app()).approvals.answer({ id: asked.id, hash: asked.hash, allow: false });
    await team.whenEnded(taskId);
    expect(existsSync(path.join(team.workspace, "old-d"))).toBe(true);
  });

  it("is still asked, and answered, after kill -9 of the daemon and of the agent's console", async () => {
    const taskId = await remove("infra", "old-e");
    process.kill(team.panePid("infra"), "SIGKILL");
    await team.daemon.kill("SIGKILL");
    await team.daemon.start();
    await team.app();
    await whenShown("infra", "rm -rf old-e");
    await until("the console is back", async () => {
      const { agents } = await (await team.app()).status.get();
      return agents.some(({ name, state }) => name === "infra" && state === "waiting");
    });
    await wait(READ_MS);
    type("infra", "y");
    expect(await team.whenEnded(taskId)).toMatchObject({ state: "done" });
    expect(existsSync(path.join(team.workspace, "old-e"))).toBe(false);
  });

  it("cannot be answered by the agent's console: its socket takes no answers, and its pane gets no keys", async () => {
    const taskId = await remove("code", "old-f");
    const asked = await open(taskId);
    const console = await connectConsole(team.daemon, "infra");
    const forged = console.client as unknown as { approvals: { answer(input: unknown): Promise<unknown> } };
    await expect(forged.approvals.answer({ id: asked.id, hash: asked.hash, allow: true })).rejects.toThrow();
    console.close();
    expect((await open(taskId)).state).toBe("open");
    await wait(READ_MS);
    type("code", "n");
    await team.whenEnded(taskId);
  });
});

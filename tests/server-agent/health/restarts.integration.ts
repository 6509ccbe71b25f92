import { once } from "node:events";
import { existsSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { WebSocket } from "ws";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentName, AgentStatus } from "../../../contract/agents.ts";
import { connectConsole } from "../../support/daemon-process.ts";
import { until } from "../../support/start-program.ts";
import { createTeam, type TestTeam } from "../team/team-on-daemon.ts";

let team: TestTeam;
beforeAll(async () => {
  team = await createTeam();
});
afterAll(async () => await team?.remove());

const calls = async (taskId: string) => (await (await team.app()).tasks.show({ id: taskId })).calls;
const statusOf = async (agent: AgentName): Promise<AgentStatus> => {
  const { agents } = await (await team.app()).status.get();
  const found = agents.find(({ name }) => name === agent);
  if (!found) throw new Error(`no ${agent}`);
  return found;
};
const whenState = async (agent: AgentName, ...states: AgentStatus["state"][]) =>
  await until(
    `${agent} is ${states.join(" or ")}`,
    async () => {
      const status = await statusOf(agent);
      return states.includes(status.state) && status;
    },
    60_000,
  );
const whenRunning = async (taskId: string): Promise<void> => {
  await until("a command runs", async () => (await calls(taskId)).some(({ state }) => state === "running"), 30_000);
};
/** Lets its event loop do nothing else any more, through the inspector that Node opens for its own user. */
const hang = async (pid: number): Promise<void> => {
  process.kill(pid, "SIGUSR1");
  const url = await until("the inspector answers", async () => {
    const answer = await fetch("http://127.0.0.1:9229/json/list").catch(() => null);
    const [target] = answer ? ((await answer.json()) as { webSocketDebuggerUrl: string }[]) : [];
    return target?.webSocketDebuggerUrl ?? null;
  });
  const inspector = new WebSocket(url);
  await once(inspector, "open");
  inspector.send(JSON.stringify({ id: 1, method: "Runtime.evaluate", params: { expression: "for (;;) {}" } }));
};
const auditOf = async (agent: AgentName, kind: "console_ended" | "agent_held" | "agent_hold_answered") =>
  (await (await team.app()).audit.list({ agent, kind })).records.map(({ detail }) => JSON.parse(detail) as unknown);

describe("a console that ends or hangs", () => {
  it("is back in its window within two seconds of kill -9, with its history, and says what is unknown", async () => {
    await team.whenEnded(await team.send("run echo remembered-words", "code"));
    const taskId = await team.send("run `echo a >> log.txt; sleep 30`, then run wc -l log.txt", "code");
    await until("the command runs", () => existsSync(path.join(team.workspace, "log.txt")), 30_000);
    const before = team.panePid("code");
    const app = await team.app();
    process.kill(before, "SIGKILL");
    const killedAt = performance.now();
    await until("the console is away", async () => {
      const { agents } = await app.status.get();
      return agents.some(({ name, state }) => name === "code" && state === "offline");
    });
    await until("the console is back", async () => {
      const { agents } = await app.status.get();
      return agents.some(({ name, state }) => name === "code" && state === "working");
    });
    const backMs = performance.now() - killedAt;
    console.log(`back after ${Math.round(backMs)} ms`);
    expect(backMs).toBeLessThan(2_000);
    expect(team.panePid("code")).not.toBe(before);
    expect((await team.whenEnded(taskId)).result).toContain("1 log.txt");
    const { messages } = await app.chat.history({});
    expect(messages.some((said) => said.taskId === taskId && said.text.includes("outcome is unknown"))).toBe(true);
    expect((await calls(taskId)).map(({ state }) => state)).toEqual(["unknown", "done"]);
    expect(team.screen("code")).toContain("remembered-words");
    expect(await auditOf("code", "console_ended")).toEqual([{ how: "signal 9", tasks: [taskId] }]);
  });

  it("is found, ended and started again when it hangs, and goes on with its turn", async () => {
    const taskId = await team.send("run sleep 2, then write after.txt with done", "research");
    await whenRunning(taskId);
    const before = team.panePid("research");
    await hang(before);
    const stoppedAt = performance.now();
    await whenState("research", "offline");
    console.log(`found after ${Math.round(performance.now() - stoppedAt)} ms`);
    expect(performance.now() - stoppedAt).toBeLessThan(10_000);
    expect(await team.whenEnded(taskId)).toMatchObject({ state: "done" });
    expect(performance.now() - stoppedAt).toBeLessThan(25_000);
    expect(team.panePid("research")).not.toBe(before);
    expect(existsSync(path.join(team.workspace, "after.txt"))).toBe(true);
    expect(await auditOf("research", "console_ended")).toEqual([{ how: "no sign of life", tasks: [taskId] }]);
  });

  it("goes on at once when somebody stops it with SIGSTOP: tmux does not leave its windows stopped", async () => {
    const before = team.panePid("research");
    process.kill(before, "SIGSTOP");
    expect(await team.whenEnded(await team.send("list files", "research"))).toMatchObject({ state: "done" });
    expect(team.panePid("research")).toBe(before);
  });

  it("is not ended because the daemon itself was stopped for a while", async () => {
    const pids = ["data", "infra", "qa"].map((agent) => team.panePid(agent));
    process.kill(team.daemon.pid(), "SIGSTOP");
    await new Promise((resolve) => setTimeout(resolve, 20_000));
    process.kill(team.daemon.pid(), "SIGCONT");
    await team.whenIdle();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(["data", "infra", "qa"].map((agent) => team.panePid(agent))).toEqual(pids);
  });

  it("is ended when its turn gets nowhere for longer than it may", async () => {
    const before = team.panePid("data");
    const other = await connectConsole(team.daemon, "data");
    await other.client.beat({ turns: [{ turnId: "t.1", idleMs: 3_599_000, patienceMs: null }] });
    await other.client.beat({ turns: [{ turnId: "t.1", idleMs: 299_000, patienceMs: 300_000 }] });
    expect(await auditOf("data", "console_ended")).toEqual([]);
    await other.client.beat({ turns: [{ turnId: "t.1", idleMs: 301_000, patienceMs: 300_000 }] });
    other.close();
    await until("it is ended", async () => (await auditOf("data", "console_ended")).length > 0);
    expect(await auditOf("data", "console_ended")).toEqual([{ how: "no progress for 301 s", tasks: [] }]);
    await whenState("data", "idle");
    expect(team.panePid("data")).not.toBe(before);
  });

  it("is held when it dies three times over the same task, and the task goes on after the start", async () => {
    const steps = ["first", "second", "third", "fourth"].map((word) => `run \`touch ${word}; sleep 12\``);
    const taskId = await team.send(`${steps.join(", then ")}, then write whole.txt with done`, "infra");
    for (const word of ["first", "second", "third"]) {
      await until(`${word} runs`, () => existsSync(path.join(team.workspace, word)), 30_000);
      process.kill(team.panePid("infra"), "SIGKILL");
    }
    const { hold } = await whenState("infra", "held");
    expect(hold?.reason).toContain(`3 times while it worked on the task ${taskId}`);
    expect((await (await team.app()).tasks.show({ id: taskId })).task.state).toBe("running");
    await (await team.app()).health.start({ name: "infra" });
    expect(await team.whenEnded(taskId)).toMatchObject({ state: "done" });
    expect((await calls(taskId)).map(({ state }) => state)).toEqual(["unknown", "unknown", "unknown", "done", "done"]);
  });

  it("waits longer each time it crashes at once, is held after five, and starts again when a person says so", async () => {
    const pane = team.tmux("list-panes", "-t", "ai-infrastructure:qa", "-F", "#{pane_id}");
    const waiting = path.join(team.workspace, "crash");
    writeFileSync(waiting, "");
    const log = path.join(team.workspace, "starts");
    const whole = team.tmux("display-message", "-p", "-t", pane, "#{pane_start_command}");
    team.tmux(
      "respawn-pane",
      "-k",
      "-t",
      pane,
      `date +%s%N >> ${log}; if [ -e ${waiting} ]; then exit 3; fi; ${whole.replace(/^"|"$/g, "")}`,
    );
    const held = await whenState("qa", "held");
    expect(held.hold).toMatchObject({ kept: false, reason: expect.stringContaining("5 times within five minutes") });
    const starts = readFileSync(log, "utf8").trim().split("\n").map(Number);
    const gaps = starts.slice(1).map((at, index) => Math.round((at - (starts[index] ?? 0)) / 1e9));
    console.log(`gaps ${gaps.join(", ")}`);
    expect(gaps).toEqual([...gaps].toSorted((a, b) => a - b));
    expect(gaps.at(-1)).toBeGreaterThanOrEqual(3);
    const taskId = await team.send("list files", "qa");
    const app = await team.app();
    await app.health.keepStopped({ name: "qa" });
    expect((await statusOf("qa")).hold?.kept).toBe(true);
    // What a person wants so is no trouble, neither its window nor its state.
    await until("the rest is well", async () => (await app.status.get()).services.every(({ state }) => state === "up"));
    expect((await app.status.get()).healthy).toBe(true);
    await team.daemon.kill("SIGKILL");
    await team.daemon.start();
    expect((await statusOf("qa")).state).toBe("held");
    await new Promise((resolve) => setTimeout(resolve, 9_000));
    expect(readFileSync(log, "utf8").trim().split("\n")).toHaveLength(starts.length);
    unlinkSync(waiting);
    await (await team.app()).health.start({ name: "qa" });
    expect(await team.whenEnded(taskId)).toMatchObject({ state: "done" });
    expect(await auditOf("qa", "agent_hold_answered")).toEqual([{ answer: "started" }, { answer: "kept stopped" }]);
    expect(await auditOf("qa", "agent_held")).toHaveLength(1);
  });
});

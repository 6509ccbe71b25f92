import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Approval } from "../../../contract/approvals.ts";
import { until } from "../../support/start-program.ts";
import { createTeam, type TestTeam } from "../team/team-on-daemon.ts";

let team: TestTeam;
beforeAll(async () => {
  team = await createTeam();
});
afterAll(async () => await team?.remove());

const outputs = async (taskId: string): Promise<string[]> =>
  (await (await team.app()).tasks.show({ id: taskId })).calls.map(({ output }) => output);
const whenAsked = async (taskId: string, after = ""): Promise<Approval> => {
  const app = await team.app();
  return await until("a person is asked", async () => {
    const open = await app.approvals.list({ state: "open" });
    return open.find((asked) => asked.taskId === taskId && asked.id !== after) ?? null;
  });
};
const answer = async ({ id, hash }: Approval, allow: boolean): Promise<void> => {
  await (await team.app()).approvals.answer({ id, hash, allow });
};

describe("an agent that goes round in circles", () => {
  it("is told after three times, asks a person before the fifth, and stops when the person says no", async () => {
    const taskId = await team.send("repeat `echo same >> count.txt; echo done` 9 times", "code");
    const asked = await whenAsked(taskId);
    expect(asked).toMatchObject({ agent: "code", repeats: 4, action: "echo same >> count.txt; echo done" });
    const said = await outputs(taskId);
    expect(said.map((output) => output.includes("do something else"))).toEqual([false, false, true, true]);
    expect((await (await team.app()).tasks.show({ id: taskId })).task.state).toBe("waiting");
    await answer(asked, false);
    expect(await team.whenEnded(taskId)).toMatchObject({ state: "cancelled" });
    expect(await outputs(taskId)).toHaveLength(5);
  });

  it("goes on when the person lets it, and asks again five times later", async () => {
    const taskId = await team.send("repeat `echo again` 11 times", "data");
    const first = await whenAsked(taskId);
    await answer(first, true);
    const second = await whenAsked(taskId, first.id);
    expect(second.repeats).toBe(9);
    expect(await outputs(taskId)).toHaveLength(9);
    await answer(second, true);
    expect(await team.whenEnded(taskId)).toMatchObject({ state: "done" });
    expect(await outputs(taskId)).toHaveLength(11);
  });

  it("keeps the question over kill -9 of console and daemon", async () => {
    const taskId = await team.send("repeat `echo keep` 9 times", "research");
    const asked = await whenAsked(taskId);
    process.kill(team.panePid("research"), "SIGKILL");
    await team.daemon.kill("SIGKILL");
    await team.daemon.start();
    expect((await whenAsked(taskId)).id).toBe(asked.id);
    await answer(asked, false);
    expect(await team.whenEnded(taskId)).toMatchObject({ state: "cancelled" });
  });

  it("is nobody's trouble while each time gives something else", async () => {
    const taskId = await team.send("repeat `echo x >> grows.txt; wc -l grows.txt` 8 times", "qa");
    expect(await team.whenEnded(taskId)).toMatchObject({ state: "done" });
    expect(await outputs(taskId)).toHaveLength(8);
  });

  it("tells how much each agent takes of the machine", async () => {
    const uses = await (await team.app()).health.usage();
    expect(uses.map(({ name }) => name)).toEqual(["supervisor", "code", "data", "infra", "research", "qa"]);
    for (const { memoryBytes, cpuPercent } of uses) {
      expect(memoryBytes).toBeGreaterThan(5 * 1024 * 1024);
      expect(cpuPercent).not.toBeNull();
    }
    const taskId = await team.send("run `timeout 4 sh -c 'while :; do :; done' || echo busy`", "code");
    const busy = await until("code takes a processor", async () => {
      const found = (await (await team.app()).health.usage()).find(({ name }) => name === "code");
      return found && (found.cpuPercent ?? 0) > 30 ? found : null;
    });
    expect(busy.cpuPercent).toBeGreaterThan(30);
    await team.whenEnded(taskId);
  });
});

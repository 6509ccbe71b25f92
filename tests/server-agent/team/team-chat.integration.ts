import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../../support/start-program.ts";
import { createTeam, type TestTeam } from "./team-on-daemon.ts";

let team: TestTeam;
beforeAll(async () => {
  team = await createTeam();
});
afterAll(async () => await team.remove());

describe("the team on a real daemon", () => {
  it("answers a chat message by delegating to a specialist, who writes the file", async () => {
    const task = await team.whenEnded(await team.send("write hello.txt with Hello from the team, then read hello.txt"));
    expect(task).toMatchObject({ state: "done", simulated: true, agent: "supervisor" });
    expect(task.result).toContain("Hello from the team");
    expect(readFileSync(path.join(team.workspace, "hello.txt"), "utf8")).toBe("Hello from the team");
    expect(team.screen("supervisor")).toMatch(/✓ delegate code: write hello\.txt/);
    expect(team.screen("code")).toMatch(/✓ write {4}hello\.txt/);
  });

  it("runs commands in the sandbox and shows their output in the window", async () => {
    const task = await team.whenEnded(await team.send("run echo from-$((40 + 2))", "code"));
    expect(task.result).toContain("from-42");
    expect(team.screen("code")).toContain("from-42");
  });

  it("refuses what the level forbids before anything runs", async () => {
    const forbidden = "run touch ran-first.txt; cat /etc/shadow";
    const task = await team.whenEnded(await team.send(forbidden, "code"));
    expect(task.result).toContain("/etc/shadow holds credentials");
    expect(existsSync(path.join(team.workspace, "ran-first.txt"))).toBe(false);
  });

  it("asks a person what the level may not do by itself, and does it once the person has said yes", async () => {
    mkdirSync(path.join(team.workspace, "old"));
    const taskId = await team.send("run rm -rf old && echo removed", "code");
    const daemon = await team.app();
    const asked = await until("code asks", async () => (await daemon.approvals.list({ state: "open" }))[0] ?? null);
    expect(asked).toMatchObject({ agent: "code", tool: "run_command", action: "rm -rf old && echo removed" });
    expect(existsSync(path.join(team.workspace, "old"))).toBe(true);
    await daemon.approvals.answer({ id: asked.id, allow: true, hash: asked.hash });
    expect((await team.whenEnded(taskId)).result).toContain("removed");
    expect(existsSync(path.join(team.workspace, "old"))).toBe(false);
    const { records } = await daemon.audit.list({ taskId });
    expect(records.toReversed().map(({ kind }) => kind)).toEqual([
      "prompt",
      "decision",
      "approval_asked",
      "approval_answered",
      "decision",
      "snapshot_taken",
      "decision",
      "approval_used",
      "call_started",
      "call_ended",
      "task_ended",
    ]);
  });

  it("answers a line typed into an agent's window, in the window", async () => {
    team.tmux("send-keys", "-t", "ai-infrastructure:qa", "-l", "list files");
    team.tmux("send-keys", "-t", "ai-infrastructure:qa", "Enter");
    await until("qa answered", () => /✓ list/.test(team.screen("qa")));
    expect(team.screen("qa")).toContain("▸ list files  (from this window)");
  });
});

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Task } from "../../../contract/tasks.ts";
import { until } from "../../support/start-program.ts";
import { createTeam, type TestTeam } from "./team-on-daemon.ts";

let team: TestTeam;
let shop: string;
beforeAll(async () => {
  team = await createTeam();
  shop = path.join(team.workspace, "shop");
  mkdirSync(shop);
  git("init", "--quiet", "--initial-branch=main");
  git("config", "user.email", "ada@example.org");
  git("config", "user.name", "Ada");
  writeFileSync(path.join(shop, "prices.txt"), "tea 3\n");
  git("add", "--all");
  git("commit", "--quiet", "--message=Begin");
});
afterAll(async () => await team?.remove());

function git(...words: string[]): string {
  return execFileSync("git", ["-C", shop, ...words], { encoding: "utf8" }).trim();
}
const ask = async (text: string): Promise<Task> => await team.whenEnded(await team.send(text));
const branches = (): string[] =>
  git("branch", "--list", "task/*", "--format=%(refname:short)")
    .split("\n")
    .filter((name) => name !== "");
/** The answer of a specialist, which names the branch. */
const branchIn = ({ result }: Task): string => /`(task\/\w+)`/.exec(result ?? "")?.[1] ?? "no branch";

describe("a task that changes a repository in a worktree of its own", () => {
  it("leaves the files of everybody else alone, and its changes come back as a branch", async () => {
    writeFileSync(path.join(shop, "prices.txt"), "tea 3\nbread 5 (not committed)\n");
    const task = await ask('ask the code agent to write prices.txt with "tea 4" in a worktree of shop');
    expect(task.state).toBe("done");
    expect(task.result).toMatch(/prices\.txt\s+\|\s+2 \+-/);
    expect(readFileSync(path.join(shop, "prices.txt"), "utf8")).toContain("not committed");
    expect(git("show", `${branchIn(task)}:prices.txt`)).toBe("tea 4");
    expect(git("for-each-ref", "--format=%(objectname)", "refs/ai-infra/tasks")).toBe(git("rev-parse", branchIn(task)));
  });

  it("is not merged over uncommitted work, and nothing is half-done then", async () => {
    const [branch = ""] = branches();
    const refused = await ask(`merge ${branch} into shop`);
    expect(refused.result).toContain("would be overwritten by merge");
    expect(readFileSync(path.join(shop, "prices.txt"), "utf8")).toContain("not committed");
    git("checkout", "--quiet", "--", "prices.txt");
    const merged = await ask(`merge ${branch} into shop`);
    expect(merged.state).toBe("done");
    expect(readFileSync(path.join(shop, "prices.txt"), "utf8")).toBe("tea 4");
    expect(branches()).toEqual([]);
    expect(git("worktree", "list").split("\n")).toHaveLength(1);
  });

  it("writes to no other folder of the workspace, neither by a file tool nor by a command", async () => {
    const byCommand = await ask("ask the code agent to run `echo x > ../../shop/prices.txt` in a worktree of shop");
    expect(byCommand.result).toContain("Read-only file system");
    const byTool = await ask('ask the code agent to write ../../shop/prices.txt with "x" in a worktree of shop');
    expect(byTool.result).toContain("outside the worktree of this task");
    expect(readFileSync(path.join(shop, "prices.txt"), "utf8")).toBe("tea 4");
    expect(git("status", "--short")).toBe("");
  });

  it("that contradicts another is told where, and merged when that is settled", async () => {
    const one = await ask('ask the code agent to write prices.txt with "tea 5" in a worktree of shop');
    const other = await ask('ask the code agent to write prices.txt with "tea 6" in a worktree of shop');
    await ask(`merge ${branchIn(one)} into shop`);
    const conflict = await ask(`merge ${branchIn(other)} into shop`);
    expect(conflict.result).toContain("in conflict: prices.txt");
    expect(git("status", "--short")).toBe("");
    expect(readFileSync(path.join(shop, "prices.txt"), "utf8")).toBe("tea 5");
    expect(branches()).toContain(branchIn(other));
  });

  it("goes on in it after the agent's process was killed", async () => {
    const steps = ['write first.txt with "1"', "run `sleep 1; cat first.txt`", 'write second.txt with "2"'];
    const request = steps.map((step) => `ask the code agent to ${step} in a worktree of shop`).join(", then ");
    const taskId = await team.send(request);
    await until(
      "the first file is there",
      () => execFileSync("sh", ["-c", `ls ${team.workspace}/.worktrees/*/first.txt 2>/dev/null || true`]).length > 0,
    );
    process.kill(team.panePid("code"), "SIGKILL");
    const task = await team.whenEnded(taskId);
    expect(git("show", `${branchIn(task)}:second.txt`)).toBe("2");
    expect(git("show", `${branchIn(task)}:first.txt`)).toBe("1");
  });

  it("is refused in a folder that is no repository, or has no commit", async () => {
    expect((await ask("ask the code agent to list files in a worktree of nowhere")).result).toContain(
      "nowhere is not a git repository of the workspace",
    );
    mkdirSync(path.join(team.workspace, "bare"));
    execFileSync("git", ["-C", path.join(team.workspace, "bare"), "init", "--quiet"]);
    expect((await ask("ask the code agent to list files in a worktree of bare")).result).toContain("has no commit yet");
    expect(existsSync(path.join(team.workspace, ".worktrees", "bare"))).toBe(false);
  });
});

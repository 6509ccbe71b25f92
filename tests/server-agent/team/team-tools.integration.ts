import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentsFolder } from "../../../contract/daemon-config.ts";
import { until } from "../../support/start-program.ts";
import { createTeam, type TestTeam } from "./team-on-daemon.ts";

let team: TestTeam;
let settingsFile: string;
beforeAll(async () => {
  team = await createTeam();
  settingsFile = path.join(agentsFolder(team.daemon.config), "agents.yaml");
  mkdirSync(path.dirname(settingsFile), { recursive: true });
});
afterAll(async () => await team?.remove());

const ask = async (text: string, agent?: Parameters<TestTeam["send"]>[1]) =>
  await team.whenEnded(await team.send(text, agent));
const file = (name: string): string => readFileSync(path.join(team.workspace, name), "utf8");

describe("the tools of the team", () => {
  it("change, find and search files, and keep them in git, each in the window of the agent whose work it is", async () => {
    const task = await ask(
      'write shop/a.txt with "one two", then edit shop/a.txt replace "one" with "three", ' +
        'then find files matching *.txt in shop, then search for "three two" in shop',
    );
    expect(task.state).toBe("done");
    expect(file("shop/a.txt")).toBe("three two");
    expect(task.result).toContain("shop/a.txt:1:three two");
    expect(team.screen("code")).toMatch(/✓ edit {5}shop\/a\.txt/);
    expect(team.screen("research")).toMatch(/✓ find {5}\*\.txt in shop/);
    const kept = await ask('git init, then commit everything as "Begin", then git log');
    expect(kept.result).toContain("code agent: Begin");
  });

  it("query the database of the workspace, without writing to it", async () => {
    expect((await ask('query "select 6 * 7 as answer"')).result).toContain("answer\n42\n(1 row)");
    const refused = await ask('query "create table notes (n int)"');
    expect(refused.result).toContain("it changes the database, which needs `write`");
    expect(team.screen("data")).toMatch(/✗ query {4}create table notes/);
  });

  it("run a project's tests", async () => {
    writeFileSync(path.join(team.workspace, "Makefile"), "test:\n\t@echo 3 checks passed\n");
    expect((await ask("run the tests")).result).toContain("3 checks passed");
  });

  it("fetch from sites of the agent's level, from others when a person says so, and never from inside", async () => {
    const taskId = await team.send("fetch https://elsewhere.example/", "research");
    const daemon = await team.app();
    const asked = await until("research asks", async () => (await daemon.approvals.list({ state: "open" }))[0] ?? null);
    expect(asked).toMatchObject({
      agent: "research",
      tool: "fetch_url",
      action: expect.stringContaining("https://elsewhere.example/"),
    });
    await daemon.approvals.answer({ id: asked.id, allow: false, hash: asked.hash });
    expect((await team.whenEnded(taskId)).result).toMatch(/denied|not allow|said no/i);
    expect((await ask("fetch https://127.0.0.1/", "infra")).result).toContain("an address of this server");
  });

  it("say that there is no web search with the simulated model", async () => {
    expect((await ask("search the web for tmux", "research")).result).toContain("Web search is not available");
  });
});

describe("the definition of an agent", () => {
  it("changed in its file is in force with the next turn", async () => {
    writeFileSync(settingsFile, "agents:\n  code: { level: 0, tools: [read_file] }\n");
    const app = await team.app();
    await until(
      "the file is read",
      async () => (await app.agents.get({ name: "code" })).definition.settings.level === 0,
    );
    expect((await ask("git status", "code")).result).toContain("I have no tool `git`");
    const { agents } = await app.status.get();
    expect(agents.find(({ name }) => name === "code")?.level).toBe(0);
    await until("the window shows the level", () => team.screen("code").includes("code · level 0"));
  });

  it("with a mistake changes nothing, and the status says where the mistake is", async () => {
    writeFileSync(settingsFile, "agents:\n  code: { level: 0, tools: [read_file, fly] }\n");
    const app = await team.app();
    const problems = await until("the mistake is found", async () => {
      const found = (await app.status.get()).definitionProblems ?? [];
      return found.length > 0 && found;
    });
    expect(problems[0]?.message).toContain(`${settingsFile}, line 2: agents.code.tools.1: `);
    expect((await app.agents.get({ name: "code" })).definition.settings.tools).toEqual(["read_file"]);
    expect((await app.status.get()).healthy).toBe(true);
  });

  it("changed by a person is in force with the next turn, and survives the daemon", async () => {
    writeFileSync(settingsFile, "agents: {}\n");
    const app = await team.app();
    await until("the file is mended", async () => (await app.agents.get({ name: "code" })).problems.length === 0);
    const changed = await app.agents.update({ name: "qa", change: { tools: ["read_file"], prompt: "You only read." } });
    expect(changed.changed).toEqual(["tools", "prompt"]);
    await team.daemon.kill("SIGKILL");
    await team.daemon.start();
    await team.whenIdle();
    expect((await ask("run echo hi", "qa")).result).toContain("I have no tool `run_command`");
    const back = await (await team.app()).agents.reset({ name: "qa" });
    expect(back.changed).toEqual([]);
    expect((await ask("run echo hi", "qa")).result).toContain("hi");
    const { records } = await (await team.app()).audit.list({ kind: "agent_changed", agent: "qa" });
    const details = records.map(({ detail }) => JSON.parse(detail) as Record<string, unknown>);
    expect(details.map(({ by, tools }) => ({ by, changed: tools !== undefined }))).toEqual([
      { by: "api", changed: true },
      { by: "api", changed: true },
    ]);
  });

  it.each([
    [{ model: "" }, "model"],
    [{ prompt: " " }, "prompt"],
    [{ tools: ["fly"] }, "tools"],
    [{ level: 3 }, "level"],
    [{ mcpServers: {} }, "mcpServers"],
  ])("is not changed to %j", async (change, setting) => {
    const app = await team.app();
    await expect(app.agents.update({ name: "qa", change: change as object })).rejects.toMatchObject({
      data: { code: "app.bad_input", details: expect.stringContaining(setting) },
    });
    expect((await app.agents.get({ name: "qa" })).definition.changed).toEqual([]);
  });
});

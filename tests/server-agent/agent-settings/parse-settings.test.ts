import { describe, expect, it } from "vitest";
import type { AgentSettings } from "../../../contract/agent-settings.ts";
import { AgentName } from "../../../contract/agents.ts";
import { toWireError } from "../../../contract/errors.ts";
import { changeSettings, resetSettings } from "../../../server-agent/agent-settings/change-settings.ts";
import { defineTeam, shippedOf, toProfile } from "../../../server-agent/agent-settings/definitions.ts";
import { NO_OVERRIDES } from "../../../server-agent/agent-settings/last-good.ts";
import { parseSettings } from "../../../server-agent/agent-settings/parse-settings.ts";

const complaintAbout = (text: string): string => {
  try {
    parseSettings("agents.yaml", text);
    return "none";
  } catch (error) {
    return toWireError(error).message;
  }
};

describe("the shipped definitions", () => {
  it("define all six agents, each with a prompt of its own after the team's rules", () => {
    const team = defineTeam(NO_OVERRIDES);
    const prompts = AgentName.options.map((name) => toProfile(team[name]).prompt);
    expect(new Set(prompts).size).toBe(6);
    for (const [index, name] of AgentName.options.entries()) {
      expect(prompts[index]).toMatch(/^You are one of a standing team of six agents/);
      expect(prompts[index]).toContain(`You are the **${name}**`);
      expect(team[name].changed).toEqual([]);
    }
  });

  it("give the levels of the mission, and delegating to the supervisor alone", () => {
    const team = Object.values(defineTeam(NO_OVERRIDES));
    expect(team.map(({ name, settings }) => [name, settings.level])).toEqual([
      ["supervisor", 3],
      ["code", 1],
      ["data", 1],
      ["infra", 2],
      ["research", 1],
      ["qa", 1],
    ]);
    const delegating = team.filter(({ settings }) => settings.tools.includes("delegate"));
    expect(delegating.map(({ name }) => name)).toEqual(["supervisor"]);
  });
});

describe("a settings file", () => {
  it("overrides single settings and leaves the others as shipped", () => {
    const settings = parseSettings(
      "f",
      "agents:\n  code: { budget_usd_per_day: 3, tools: [grep], max_tokens: 2048 }\n",
    );
    const team = defineTeam({ settings, prompts: { code: "You are code." } });
    const { code, qa } = team;
    expect(code.settings).toEqual({
      ...shippedOf("code").settings,
      budgetUsdPerDay: 3,
      tools: ["grep"],
      maxTokens: 2048,
    });
    expect(code.changed).toEqual(["tools", "budgetUsdPerDay", "maxTokens", "prompt"]);
    expect(qa).toEqual(defineTeam(NO_OVERRIDES).qa);
  });

  it.each(["", "# nothing yet\n", "agents:\n", "agents:\n  code:\n"])("may say nothing: %j", (text) => {
    expect(defineTeam({ settings: parseSettings("f", text), prompts: {} })).toEqual(defineTeam(NO_OVERRIDES));
  });

  it.each([
    ["agents:\n  code:\n    model: [\n", /^agents\.yaml, line \d: /],
    ["agents:\n  code:\n    level: 4\n", /^agents\.yaml, line 3: agents\.code\.level: /],
    ["agents:\n\n  code:\n    modle: x\n", /^agents\.yaml, line 4: agents\.code\.modle is not known$/],
    ["agents:\n  qa:\n    level: 1\n  coder:\n    level: 1\n", /^agents\.yaml, line 4: agents\.coder is not known$/],
    ["agents:\n  qa:\n    tools:\n      - grep\n      - fly\n", /^agents\.yaml, line 5: agents\.qa\.tools\.1: /],
    ["agents:\n  qa:\n    tools: [grep, grep]\n", /^agents\.yaml, line 3: agents\.qa\.tools: names a tool twice$/],
    ["agents:\n  qa: { level: 1, level: 2 }\n", /^agents\.yaml, line 2: .*unique/],
    ["team: {}\n", /^agents\.yaml, line 1: team is not known$/],
    ["just words", /^agents\.yaml, line 1: /],
    ["agents: *nowhere\n", /^agents\.yaml, /],
    [
      "agents:\n  qa:\n    mcp_servers: { x: { command: relative } }\n",
      /line 3: agents\.qa\.mcp_servers\.x\.command: must be/,
    ],
  ])("names the line and the setting of a mistake in %j", (text, complaint) => {
    expect(complaintAbout(text)).toMatch(complaint);
  });

  it("with aliases that unfold without end is refused at once", () => {
    const levels = Array.from(
      { length: 12 },
      (_, at) => `a${at}: &a${at} [${at ? `${`*a${at - 1},`.repeat(9)}x` : "x"}]`,
    );
    expect(complaintAbout(levels.join("\n"))).toMatch(/^agents\.yaml, .*alias/i);
  });
});

describe("changing a settings file", () => {
  const shipped = shippedOf("code").settings;
  const text = "# ours\nagents:\n  qa: { level: 0 } # careful\n  code:\n    level: 0\n    effort: low\n";

  it("keeps comments and other agents, and leaves out what is as shipped", () => {
    const values = { model: "claude-opus-5-5", effort: shipped.effort, tools: ["grep" as const] };
    expect(changeSettings(text, { agent: "code", values, shipped })).toBe(
      "# ours\nagents:\n  qa: { level: 0 } # careful\n  code:\n    level: 0\n    model: claude-opus-5-5\n    tools: [ grep ]\n",
    );
  });

  it.each([null, "", "agents:\n", "agents:\n  code:\n"])("makes what is missing in %j", (before) => {
    const changed = changeSettings(before, { agent: "code", values: { concurrency: 2 }, shipped });
    expect(parseSettings("f", changed)).toEqual({ code: { concurrency: 2 } });
  });

  it("takes every setting back but the level", () => {
    expect(parseSettings("f", resetSettings(text, "code"))).toEqual({ qa: { level: 0 }, code: { level: 0 } });
    expect(parseSettings("f", resetSettings("agents:\n  code: { effort: low }\n", "code"))).toEqual({});
  });

  it("writes every setting in a form it reads", () => {
    const values: AgentSettings = {
      model: "claude-haiku-5-5",
      level: 0,
      tools: [],
      budgetUsdPerDay: 0.5,
      maxTokens: 4096,
      concurrency: 3,
      effort: "max",
      thinking: "off",
      driver: "claude-code",
      mcpServers: { files: { command: "/usr/bin/files", args: ["--all"], env: { A: "b" } } },
    };
    const changed = changeSettings(null, { agent: "code", values, shipped });
    expect(parseSettings("f", changed)).toEqual({ code: values });
  });
});

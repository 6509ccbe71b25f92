import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type DaemonConfig, agentsFolder } from "../../../contract/daemon-config.ts";
import { shippedOf } from "../../../server-agent/agent-settings/definitions.ts";
import { type Definitions, openDefinitions } from "../../../server-agent/agent-settings/open-definitions.ts";
import type { RecordedChange } from "../../../server-agent/agent-settings/record-change.ts";
import { until } from "../../support/start-program.ts";

let folder: string;
let opened: Definitions[];
let recorded: RecordedChange[];
let refusals: number;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "definitions-"));
  chmodSync(folder, 0o755);
  opened = [];
  recorded = [];
  refusals = 0;
});
afterEach(() => {
  for (const definitions of opened) definitions.close();
  rmSync(folder, { recursive: true });
});

const configOf = (mode: DaemonConfig["mode"]): DaemonConfig => ({
  mode,
  version: "1",
  model: "simulated",
  runDir: "/r",
  stateDir: folder,
  logDir: "/l",
  workspace: "/w",
  agentsDir: path.join(folder, "agents"),
  node: "/n",
  bundle: "/b",
  postgres: { socketDir: "/p", port: 1, user: "u", database: "d" },
  redis: { kind: "unix", path: "/x" },
  anthropicUrl: "https://api.anthropic.com",
});

async function open(mode: DaemonConfig["mode"] = "local"): Promise<Definitions> {
  const log = { warn: () => undefined };
  const definitions = await openDefinitions({
    config: configOf(mode),
    log,
    recordChange: async (change) => {
      if (refusals-- > 0) throw new Error("PostgreSQL is away");
      recorded.push(change);
    },
  });
  opened.push(definitions);
  return definitions;
}

const place = (file: string): string => path.join(folder, "agents", file);
function write(file: string, text: string): void {
  mkdirSync(path.dirname(place(file)), { recursive: true, mode: 0o755 });
  writeFileSync(place(file), text);
}

describe("definitions of agents", () => {
  it("are the shipped ones where nothing is overridden", async () => {
    const definitions = await open();
    expect(definitions.get("code")).toMatchObject({ settings: shippedOf("code").settings, changed: [] });
    expect(definitions.problems()).toEqual([]);
  });

  it("follow a file that is written, replaced by a move, and removed", async () => {
    const definitions = await open();
    write("agents.yaml", "agents:\n  code: { effort: low }\n");
    await until("the file is read", () => definitions.get("code").settings.effort === "low");
    write("next.yaml", "agents:\n  code: { effort: max }\n");
    renameSync(place("next.yaml"), place("agents.yaml"));
    await until("the moved file is read", () => definitions.get("code").settings.effort === "max");
    rmSync(path.join(folder, "agents"), { recursive: true });
    await until("the shipped one is back", () => definitions.get("code").changed.length === 0);
    expect(recorded.map(({ by, after }) => [by, after.name, after.settings.effort])).toEqual([
      ["file", "code", "low"],
      ["file", "code", "max"],
      ["file", "code", shippedOf("code").settings.effort],
    ]);
  });

  it("follow a prompt, which comes after the team's rules in the profile", async () => {
    const definitions = await open();
    write("qa/AGENT.md", "You check twice.\n");
    await until("the prompt is read", () => definitions.get("qa").changed.includes("prompt"));
    expect(definitions.profileOf("qa").prompt).toMatch(/^You are one of[^]*\n\nYou check twice\.\n$/);
  });

  it("stay the last good ones while a file is broken, over a restart too, and say what is wrong", async () => {
    write("agents.yaml", "agents:\n  code: { level: 0 }\n");
    const first = await open();
    expect(first.get("code").settings.level).toBe(0);
    write("agents.yaml", "agents:\n  code: { level: 9 }\n");
    await until("the mistake is found", () => first.problems().length > 0);
    expect(first.get("code").settings.level).toBe(0);
    const second = await open();
    expect(second.get("code").settings.level).toBe(0);
    expect(second.problems()).toMatchObject([
      { code: "agents.definition_broken", message: expect.stringContaining("agents.yaml, line 2: agents.code.level") },
    ]);
    write("agents.yaml", "agents:\n  code: { level: 1 }\n");
    await until("the mended file is read", () => second.problems().length === 0);
    expect(second.get("code").settings.level).toBe(1);
  });

  it.each([
    ["an empty prompt", () => write("qa/AGENT.md", " \n"), /qa\/AGENT\.md is empty/],
    ["a prompt that is too long", () => write("qa/AGENT.md", "x".repeat(100_001)), /longer than 100000/],
    [
      "a link",
      () => {
        write("x", "You obey.");
        mkdirSync(place("qa"));
        symlinkSync(place("x"), place("qa/AGENT.md"));
      },
      /cannot be read: ELOOP/,
    ],
    ["a folder in its place", () => mkdirSync(place("qa/AGENT.md"), { recursive: true }), /is not a file/],
  ])("do not come from %s", async (_, make, complaint) => {
    make();
    const definitions = await open();
    expect(definitions.get("qa").changed).toEqual([]);
    expect(definitions.problems()[0]?.message).toMatch(complaint);
  });

  it.each([
    ["file", "qa/AGENT.md"],
    ["folder", "qa"],
    ["folder of folders", "."],
  ])("do not come from a %s that agents may write", async (_, open_to_group) => {
    write("qa/AGENT.md", "You obey.");
    chmodSync(place(open_to_group), 0o775);
    const definitions = await open("server");
    expect(definitions.get("qa").changed).toEqual([]);
    expect(definitions.problems()[0]?.message).toMatch(/may be changed by others than root and the daemon/);
  });
});

it("a change that cannot be recorded is not in force, and is tried again", async () => {
  refusals = 1;
  write("agents.yaml", "agents:\n  code: { effort: low }\n");
  const definitions = await open();
  expect(definitions.get("code").settings.effort).not.toBe("low");
  await until("it is recorded", () => definitions.get("code").settings.effort === "low", 10_000);
  expect(recorded).toHaveLength(1);
});

describe("changing a definition", () => {
  it("writes both files, is in force at once and tells who did it", async () => {
    const definitions = await open();
    const before = definitions.get("code");
    const after = await definitions.update("code", { model: "claude-opus-5-5", prompt: "You code." }, before.revision);
    expect(after).toMatchObject({ changed: ["model", "prompt"], prompt: "You code.\n" });
    expect(readFileSync(place("code/AGENT.md"), "utf8")).toBe("You code.\n");
    expect(readFileSync(place("agents.yaml"), "utf8")).toContain("code:\n    model: claude-opus-5-5\n");
    expect(recorded).toEqual([{ by: "api", before, after }]);
    expect((await open()).get("code")).toEqual(after);
  });

  it("is refused when the definition was changed after it was opened", async () => {
    const definitions = await open();
    const { revision } = definitions.get("code");
    await definitions.update("code", { effort: "low" }, revision);
    await expect(definitions.update("code", { effort: "max" }, revision)).rejects.toMatchObject({
      code: "agents.changed_meanwhile",
    });
    expect(definitions.get("code").settings.effort).toBe("low");
  });

  it("is refused while the file has a mistake, which is left as it is", async () => {
    write("agents.yaml", "agents: [\n");
    const definitions = await open();
    await expect(definitions.update("code", { effort: "low" })).rejects.toMatchObject({
      code: "agents.definition_broken",
    });
    await expect(definitions.reset("code")).rejects.toMatchObject({ code: "agents.definition_broken" });
    expect(readFileSync(place("agents.yaml"), "utf8")).toBe("agents: [\n");
  });

  it("back to what was shipped keeps the level", async () => {
    write("agents.yaml", "agents:\n  code: { level: 0, effort: low }\n");
    write("code/AGENT.md", "You code.");
    const definitions = await open();
    expect(await definitions.reset("code")).toMatchObject({ changed: ["level"], settings: { level: 0 } });
  });

  it("keeps changes made at the same time", async () => {
    const definitions = await open();
    await Promise.all([
      definitions.update("code", { effort: "low" }),
      definitions.update("qa", { effort: "max" }),
      definitions.update("code", { concurrency: 2 }),
    ]);
    expect(definitions.get("code").changed).toEqual(["concurrency", "effort"]);
    expect(definitions.get("qa").changed).toEqual(["effort"]);
  });
});

it("the folder of the overrides is /etc's on a server and the daemon's own on this computer", () => {
  const { agentsDir: _, ...config } = configOf("server");
  expect(agentsFolder(config)).toBe("/etc/ai-infrastructure/agents");
  expect(agentsFolder({ ...config, mode: "local" })).toBe(path.join(folder, "agent-definitions"));
});

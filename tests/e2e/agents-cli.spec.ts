import { expect, test } from "@playwright/test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createLocal } from "../../src-main/local/create-local.ts";
import { type Cli, createCli } from "../support/cli.ts";

let folder: string;
let cli: Cli;

test.beforeEach(async () => {
  folder = mkdtempSync("/tmp/agents-cli-");
  cli = createCli(path.join(folder, "home"));
  expect((await cli(["local", "start"])).exitCode).toBe(0);
});
test.afterEach(async () => {
  const artifacts = { node: "", daemon: "", memoryModel: "", team: "", version: "" };
  const { places } = createLocal({ home: path.join(folder, "home"), artifacts, log: () => undefined });
  await cli(["local", "stop"]);
  for (const left of [folder, places.root]) rmSync(left, { recursive: true, force: true });
});

test("agents are listed, changed, shown and reset from a terminal, and work as they were changed", async () => {
  const listed = await cli(["agents"]);
  expect(listed.result).toMatchObject({ ok: true, problems: [] });
  expect((listed.result["agents"] as { name: string }[]).map(({ name }) => name)).toEqual([
    "supervisor",
    "code",
    "data",
    "infra",
    "research",
    "qa",
  ]);
  for (const { use } of listed.result["agents"] as { use: { memoryBytes: number } }[]) {
    expect(use.memoryBytes).toBeGreaterThan(5 * 1024 * 1024);
  }
  expect((await cli(["agents", "start", "code"])).result).toMatchObject({ ok: true, wasHeld: false });

  writeFileSync(path.join(folder, "prompt.md"), "You only read.\n");
  const options = [
    "--tools",
    "read_file,ask_person",
    "--budget",
    "1.5",
    "--prompt-file",
    path.join(folder, "prompt.md"),
  ];
  const changed = await cli(["agents", "set", "code", ...options]);
  expect(changed).toMatchObject({
    exitCode: 0,
    result: { agent: { changed: ["tools", "budgetUsdPerDay", "prompt"] } },
  });
  const refused = await cli(["chat", "run echo hi", "--agent", "code"]);
  expect(refused.result["text"]).toContain("I have no tool `run_command`");

  expect(await cli(["agents", "set", "code", "--budget", "-1"])).toMatchObject({ exitCode: 2 });
  expect(await cli(["agents", "show", "coder"])).toMatchObject({ exitCode: 2 });
  const shown = await cli(["agents", "show", "code"]);
  expect(shown.result).toMatchObject({ agent: { prompt: "You only read.\n", settings: { budgetUsdPerDay: 1.5 } } });

  expect(await cli(["agents", "reset", "code"])).toMatchObject({ exitCode: 2 });
  expect(await cli(["agents", "reset", "code", "--yes"])).toMatchObject({
    exitCode: 0,
    result: { agent: { changed: [] } },
  });
  const done = await cli(["chat", "run echo hi, then query `select 6 * 7`", "--agent", "code"]);
  expect(done.result["text"]).toContain("42");

  writeFileSync(path.join(shown.result["folder"] as string, "agents.yaml"), "agents:\n  code: { level: high }\n");
  await expect
    .poll(async () => JSON.stringify((await cli(["status"])).result["problems"]))
    .toContain("agents.yaml, line 2: agents.code.level");
});

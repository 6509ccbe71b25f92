import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DaemonConfig } from "../../../contract/daemon-config.ts";
import { startTeam } from "../../../server-agent/team/start-team.ts";
import { teamHealth } from "../../../server-agent/team/team-health.ts";
import { until } from "../../support/start-program.ts";
import { runTmux } from "./team-on-daemon.ts";

let folder: string;
let config: DaemonConfig;
const tmux = (...parameters: string[]): string => runTmux(config, ...parameters);
const windows = (format: string): string[] => tmux("list-windows", "-t", "ai-infrastructure", "-F", format).split("\n");
const pidOf = (window: string): string => tmux("list-panes", "-t", `ai-infrastructure:${window}`, "-F", "#{pane_pid}");

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "start team-"));
  const bundle = path.join(folder, "console.mjs");
  writeFileSync(
    bundle,
    'process.stdin.pipe(process.stdout); console.log(process.argv[3], process.env["LEAKED"] ?? "clean");',
  );
  const place = { runDir: path.join(folder, "run"), stateDir: folder, logDir: folder, workspace: folder };
  const postgres = { socketDir: folder, port: 1, user: "nobody", database: "none" };
  const redis = { kind: "unix", path: path.join(folder, "redis.sock") } as const;
  const program = { node: process.execPath, bundle, version: "0.0.1", anthropicUrl: "http://127.0.0.1:9" };
  config = { mode: "local", model: "simulated", ...place, ...program, postgres, redis };
  process.env["LEAKED"] = "secret";
  await startTeam(config);
});
afterAll(() => {
  tmux("kill-server");
  rmSync(folder, { recursive: true, force: true });
});

describe("startTeam", () => {
  it("opens windows 0-7 in order, with a clean environment", async () => {
    const names = "supervisor code data infra research qa monitor logs".split(" ");
    expect(windows("#{window_index} #{window_name}")).toEqual(names.map((name, index) => `${index} ${name}`));
    await until("the console printed", () =>
      tmux("capture-pane", "-p", "-t", "ai-infrastructure:qa").includes("qa clean"),
    );
    expect(await teamHealth(config)).toEqual({ state: "up", detail: expect.stringMatching(/^\d/) });
  });

  it("makes a missing window again and leaves the others alone", async () => {
    const before = pidOf("data");
    tmux("kill-window", "-t", "ai-infrastructure:infra");
    expect(await teamHealth(config)).toEqual({ state: "down", detail: "not running: infra" });
    await startTeam(config);
    expect(windows("#{window_index} #{window_name}")[3]).toBe("3 infra");
    expect(pidOf("data")).toBe(before);
  });

  it("starts the program of a window again after kill -9, in the same window", async () => {
    const before = pidOf("code");
    process.kill(Number(before), "SIGKILL");
    await until(
      "a new console runs",
      () => tmux("capture-pane", "-p", "-S", "-", "-t", "ai-infrastructure:code").split("code clean").length === 3,
    );
    expect(pidOf("code")).not.toBe(before);
  });

  it("binds no key but scrolling and selecting, so that nobody opens a shell", () => {
    const keys = tmux("list-keys", "-T", "root")
      .split("\n")
      .map((line) => line.split(/\s+/)[3]);
    expect(keys.toSorted((a, b) => String(a).localeCompare(String(b)))).toEqual([
      "MouseDown1Pane",
      "MouseDrag1Pane",
      "WheelDownPane",
      "WheelUpPane",
    ]);
    expect(() => tmux("list-keys", "-T", "prefix")).toThrow("doesn't exist");
    expect(tmux("show-options", "-gv", "prefix")).toBe("None");
  });
});

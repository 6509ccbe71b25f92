import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { CLAUDE_CODE_VERSION, loadClaudeCode } from "../../../../server-agent/console/drivers/load-claude-code.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "claude-code-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const install = (version: string): string => {
  const home = path.join(folder, "node_modules/@anthropic-ai/claude-agent-sdk");
  mkdirSync(home, { recursive: true });
  writeFileSync(path.join(home, "package.json"), JSON.stringify({ version, main: "sdk.mjs" }));
  writeFileSync(path.join(home, "sdk.mjs"), "export const query = () => 'asked';\n");
  return home;
};
const load = async () => await loadClaudeCode({ mode: "local", stateDir: "/nowhere", claudeCodeDir: folder });

it("loads the version that was measured, from the operator's folder", async () => {
  install(CLAUDE_CODE_VERSION);
  expect(typeof (await load()).query).toBe("function");
});

it("names the command that installs it, in the folder where it is looked for", async () => {
  const hint = expect.stringContaining(
    `npm install --ignore-scripts --prefix /opt/ai-infrastructure/claude-code @anthropic-ai/claude-agent-sdk@${CLAUDE_CODE_VERSION}`,
  );
  await expect(loadClaudeCode({ mode: "server", stateDir: "/nowhere" })).rejects.toMatchObject({
    code: "agents.driver_missing",
    hint,
  });
  await expect(loadClaudeCode({ mode: "local", stateDir: "/nowhere" })).rejects.toMatchObject({
    hint: expect.stringContaining("--prefix /nowhere/claude-code "),
  });
});

it("refuses every other version", async () => {
  install("0.3.331");
  await expect(load()).rejects.toThrow("Version 0.3.331 of Claude Code is installed");
});

it("refuses what others may change", async () => {
  const home = install(CLAUDE_CODE_VERSION);
  chmodSync(path.join(home, "sdk.mjs"), 0o666);
  await expect(load()).rejects.toThrow("others than you may change");
  chmodSync(path.join(home, "sdk.mjs"), 0o644);
  const program = path.join(folder, "node_modules/@anthropic-ai/claude-agent-sdk-linux-x64");
  mkdirSync(program);
  writeFileSync(path.join(program, "claude"), "");
  chmodSync(path.join(program, "claude"), 0o777);
  await expect(load()).rejects.toThrow("others than you may change");
  rmSync(program, { recursive: true });
  chmodSync(folder, 0o777);
  await expect(load()).rejects.toThrow(`may change ${folder}`);
});

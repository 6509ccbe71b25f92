import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, it } from "vitest";
import { openPolicyFile } from "../../../server-agent/policy/policy-file.ts";

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

function open(mustBeRoots: boolean) {
  const folder = mkdtempSync("/tmp/policy-");
  folders.push(folder);
  const file = path.join(folder, "policy.json");
  const changes: (string | null)[] = [];
  const policy = openPolicyFile({ path: file, mustBeRoots, onChanged: ({ sha256 }) => changes.push(sha256) });
  return { file, policy, changes };
}

const DENY_NPM = { deny: [{ tool: "run_command", program: "npm" }] };

it("follows the file, and tells each change once", async () => {
  const { file, policy, changes } = open(false);
  expect(await policy.read()).toMatchObject({ state: "ok", policy: { deny: [] } });
  writeFileSync(file, JSON.stringify(DENY_NPM));
  await policy.read();
  expect(await policy.read()).toMatchObject({ state: "ok", policy: DENY_NPM });
  writeFileSync(file, "{ half");
  expect(await policy.read()).toMatchObject({ state: "broken" });
  rmSync(file);
  expect(await policy.read()).toMatchObject({ state: "ok" });
  expect(changes.map((digest) => digest !== null)).toEqual([false, true, true, false]);
});

it.runIf(process.getuid?.() === 0)("does not believe a file that others may write", async () => {
  const { file, policy } = open(true);
  writeFileSync(file, JSON.stringify({ autoApprove: [{ tool: "run_as_root" }] }));
  chmodSync(file, 0o666);
  expect(await policy.read()).toMatchObject({ state: "broken" });
  chmodSync(file, 0o644);
  expect(await policy.read()).toMatchObject({ state: "ok" });
});

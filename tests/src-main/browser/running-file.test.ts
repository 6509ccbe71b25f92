import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { askRunning, newSecret, readRunning, writeRunning } from "../../../src-main/browser/running-file.ts";

let home: string;
beforeEach(() => void (home = mkdtempSync(path.join(tmpdir(), "ai-infra-running-"))));
afterEach(() => rmSync(home, { recursive: true }));

it("remembers the port and a secret that only this user reads", async () => {
  const running = { port: 40_123, secret: newSecret() };
  await writeRunning(home, running);
  expect(await readRunning(home)).toEqual(running);
  expect(statSync(path.join(home, "browser.json")).mode & 0o777).toBe(0o600);
});

it.each(["", "{", '{"port":0,"secret":"x"}'])("starts anew when the file holds %j", async (content) => {
  writeFileSync(path.join(home, "browser.json"), content);
  expect(await readRunning(home)).toBeNull();
});

it("finds no running shell where nobody listens", async () => {
  expect(await askRunning({ port: 1, secret: newSecret() })).toBeNull();
});

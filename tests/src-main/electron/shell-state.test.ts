import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { boundsOnScreen, readShellState, writeShellState } from "../../../src-main/electron/shell-state.ts";

const screen = { x: 0, y: 0, width: 1920, height: 1040 };
const bounds = { x: 200, y: 100, width: 1200, height: 800 };
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "shell-state-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("reads back what was written and leaves no other file", () => {
  const file = path.join(folder, "window.json");
  const state = { bounds, isMaximized: true, appearance: "dark" } as const;
  writeShellState(file, state);
  expect([readShellState(file), readdirSync(folder)]).toEqual([state, ["window.json"]]);
});

test("takes a damaged file as a first start", () => {
  const file = path.join(folder, "window.json");
  writeFileSync(file, '{"bounds": {"x": "far left"}');
  expect(readShellState(file)).toEqual({ bounds: null, isMaximized: false, appearance: "system" });
});

test.each([
  ["on the screen", bounds, bounds],
  ["half over the edge", { ...bounds, x: 1700 }, { ...bounds, x: 1700 }],
  ["on a screen that was unplugged", { ...bounds, x: 2200 }, null],
  ["with its title bar above the screen", { ...bounds, y: -30 }, null],
  ["with its title bar below the screen", { ...bounds, y: 1030 }, null],
])("a window %s", (_case, remembered, expected) => {
  expect(boundsOnScreen(remembered, [screen])).toEqual(expected);
});

import { EventEmitter } from "node:events";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { EMPTY_LINE, pressKey } from "../../../server-agent/console/line-editor.ts";
import { createScreen } from "../../../server-agent/console/screen.ts";

const FRAME_MS = 20;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("answers a key with the prompt's row alone, and redraws all when something was printed", async () => {
  const written: string[] = [];
  const output = Object.assign(new EventEmitter(), { columns: 40, write: (text: string) => written.push(text) });
  const screen = createScreen(output);
  screen.setStatus("idle");
  await vi.advanceTimersByTimeAsync(FRAME_MS);
  const line = pressKey(EMPTY_LINE, { type: "insert", text: "a" });
  screen.setLine(line);
  await vi.advanceTimersByTimeAsync(FRAME_MS);
  screen.print("done\n");
  await vi.advanceTimersByTimeAsync(FRAME_MS);
  expect(written.slice(1)).toEqual([
    "\r› a\u001b[K\r\u001b[3C",
    "\u001b[?25l\r\u001b[1A\u001b[Jdone\r\n\u001b[38;5;243midle\u001b[0m\r\n› a\r\u001b[3C\u001b[?25h",
  ]);
});

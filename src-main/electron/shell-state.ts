import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

const Bounds = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(400),
  height: z.number().int().min(300),
});
export type Bounds = z.infer<typeof Bounds>;

export const Appearance = z.enum(["system", "light", "dark"]);
export type Appearance = z.infer<typeof Appearance>;

/** What the window looked like when it was last used. */
export const ShellState = z.object({
  bounds: Bounds.nullable(),
  isMaximized: z.boolean(),
  appearance: Appearance,
});
export type ShellState = z.infer<typeof ShellState>;

const FIRST_STATE: ShellState = { bounds: null, isMaximized: false, appearance: "system" };

/** The state kept in `file`; a missing or damaged file is a first start. */
export function readShellState(file: string): ShellState {
  try {
    return ShellState.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return FIRST_STATE;
  }
}

export function writeShellState(file: string, state: ShellState): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, file);
}

/** The remembered bounds, or null when no screen shows enough of them any more to take hold of the window. */
export function boundsOnScreen(bounds: Bounds | null, workAreas: readonly Bounds[]): Bounds | null {
  if (bounds === null) return null;
  return workAreas.some((area) => isReachable(bounds, area)) ? bounds : null;
}

function isReachable(bounds: Bounds, area: Bounds): boolean {
  const left = Math.max(bounds.x, area.x);
  const right = Math.min(bounds.x + bounds.width, area.x + area.width);
  return right - left >= 100 && bounds.y >= area.y && bounds.y <= area.y + area.height - 50;
}

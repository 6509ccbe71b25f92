import type { HookInput } from "./hook-input.ts";

/** Where a hook works. */
export interface HookPlace {
  readonly agent: string;
  /** The workspace. */
  readonly projectDir: string;
  /** Holds `MEMORY`. */
  readonly paiDir: string;
  readonly now: Date;
}

/** How a hook ended: 0 with or without an answer on standard output, 2 to block with the reason on standard error. */
export interface HookExit {
  readonly exitCode: 0 | 2;
  readonly stdout: string;
  readonly stderr: string;
}

/** What it throws is its failure. */
export type OwnHook = (input: HookInput, place: HookPlace) => HookExit;

export const SILENT: HookExit = { exitCode: 0, stdout: "", stderr: "" };

export function print(stdout: string): HookExit {
  return { ...SILENT, stdout };
}

import type { Readable, Writable } from "node:stream";
import type { GroupEnd, OutputStream } from "../platform/run-group.ts";

/** Runs commands where they can change the workspace and nothing else. */
export interface Sandbox {
  /** Throws an AppError when no sandbox works here; a command never runs without one. */
  run(command: string, options: SandboxRun): Promise<GroupEnd>;
}

export interface SandboxRun {
  /** Inside the workspace. */
  readonly cwd: string;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
  /** Added to the sandbox's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Bytes from and to elsewhere, instead of text; what breaks there ends the command. */
  readonly stdin?: Readable;
  readonly stdout?: Writable;
  readonly onOutput: (text: string, stream: OutputStream) => void;
}

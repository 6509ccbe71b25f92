import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";

export interface RunningProgram {
  readonly pid: number;
  /** What it wrote so far, both streams. */
  output(): string;
  isRunning(): boolean;
  /** Resolves when it is gone. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

export interface ProgramOptions {
  readonly environment?: Readonly<Record<string, string>>;
}

/** A real program that the test owns; it dies with the test process at the latest. */
export function startProgram(
  program: string,
  parameters: readonly string[],
  { environment = {} }: ProgramOptions = {},
): RunningProgram {
  const child = spawn(program, parameters, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment },
  });
  let output = "";
  child.stdout.on("data", (bytes: Buffer) => (output += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (output += bytes.toString()));
  const dieWithUs = (): void => void child.kill("SIGKILL");
  process.once("exit", dieWithUs);
  return {
    pid: child.pid ?? 0,
    output: () => output,
    isRunning: () => !hasEnded(child),
    async kill(signal) {
      process.off("exit", dieWithUs);
      await end(child, signal);
    },
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return;
  const exited = once(child, "exit");
  child.kill(signal);
  await exited;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Asks until the answer is yes; fails with the last reason after the deadline. */
export async function until<T>(
  what: string,
  read: () => Promise<T | null | false> | T | null | false,
  ms = 15_000,
): Promise<T> {
  const deadline = Date.now() + ms;
  let reason: unknown = "it never became true";
  while (Date.now() < deadline) {
    try {
      const value = await read();
      if (value !== null && value !== false) return value;
    } catch (error) {
      reason = error;
    }
    await delay(20);
  }
  throw new Error(`${what}: ${String(reason)}`);
}

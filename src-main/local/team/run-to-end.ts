import { spawn } from "node:child_process";
import type { Argv } from "./spec.ts";

interface RunToEndOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly input?: string;
}

const TIMEOUT_MS = 60_000;
const TAIL_CHARACTERS = 2000;

/** Resolves with what the program wrote to its standard output; rejects with its last lines as the cause. */
export function runToEnd(argv: Argv, options: RunToEndOptions): Promise<string> {
  const [program, ...parameters] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, {
      env: options.env,
      cwd: options.cwd,
      stdio: ["pipe", "pipe", "pipe"],
      timeout: TIMEOUT_MS,
      killSignal: "SIGKILL",
    });
    let [output, errors] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    child.once("error", reject);
    // Not "close": a server started in the background may keep the streams open.
    child.once("exit", (code) => {
      if (code === 0) setImmediate(() => resolve(output));
      else reject(new Error(`${program} failed`, { cause: (errors || output).slice(-TAIL_CHARACTERS).trim() }));
    });
    // A program that ends without reading its input closes the pipe; its exit code says what happened.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
  });
}

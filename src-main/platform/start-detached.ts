import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Argv } from "./run-program.ts";

export interface StartDetachedOptions {
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Both output streams go here, appended. Left out: nowhere. */
  readonly logFile?: string | undefined;
}

/** Starts a program that lives on when this one ends. Resolves with its process id once it runs. */
export function startDetached(argv: Argv, options: StartDetachedOptions): Promise<number> {
  const [program, ...parameters] = argv;
  const output = options.logFile === undefined ? "ignore" : openSync(options.logFile, "a", 0o600);
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, {
      detached: true,
      stdio: ["ignore", output, output],
      env: options.env,
      cwd: options.cwd,
    });
    const closeOutput = () => typeof output === "number" && closeSync(output);
    child.once("error", (error) => {
      closeOutput();
      reject(error);
    });
    child.once("spawn", () => {
      closeOutput();
      child.unref();
      if (child.pid !== undefined) resolve(child.pid);
    });
  });
}

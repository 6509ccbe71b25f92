import { execFile } from "node:child_process";

export interface ProgramResult {
  readonly ok: boolean;
  readonly output: string;
}

/** Runs a program to its end; a missing program, a failure and a passed deadline all come back as `ok: false`. */
export async function runProgram(
  program: string,
  parameters: readonly string[],
  timeoutMs: number,
): Promise<ProgramResult> {
  return await new Promise((resolve) => {
    execFile(program, parameters, { timeout: timeoutMs, killSignal: "SIGKILL" }, (error, stdout, stderr) => {
      if (error === null) return resolve({ ok: true, output: stdout.trim() });
      resolve({ ok: false, output: stderr.trim() || error.message });
    });
  });
}

import { spawn } from "node:child_process";
import { AppError } from "../../contract/errors.ts";

export type Argv = readonly [string, ...string[]];

export interface RunProgramOptions {
  readonly signal?: AbortSignal | undefined;
  /** Sent on standard input, which is then closed. */
  readonly input?: string | undefined;
  /** 60,000 unless told. */
  readonly timeoutMs?: number | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
  /** Whole lines of both streams, as they come. */
  readonly onLine?: ((line: string, stream: OutputStream) => void) | undefined;
}

type OutputStream = "stdout" | "stderr";

export interface ProgramResult {
  /** 128 and the signal's number when a signal ended it, as shells say it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const MAX_OUTPUT_CHARACTERS = 16 * 1024 * 1024;
const SIGNAL_NUMBERS: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/**
 * Runs a program on this computer to its end. Every exit code is an answer; rejects with an `AppError` when the program
 * cannot be started (`local.program_missing`), when told to stop (`app.cancelled`) and after the deadline
 * (`app.timed_out`). Then the program and all it started are killed.
 */
export function runProgram(argv: Argv, options: RunProgramOptions = {}): Promise<ProgramResult> {
  const [program, ...parameters] = argv;
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  return new Promise((resolve, reject) => {
    if (options.signal?.aborted) return reject(cancelled(program));
    const child = spawn(program, parameters, {
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
      env: options.env ?? process.env,
      cwd: options.cwd,
    });
    const stopWith = (error: AppError) => {
      if (child.pid !== undefined) killGroup(child.pid);
      settle(() => reject(error));
    };
    const onAbort = () => stopWith(cancelled(program));
    const timer = setTimeout(
      () => stopWith(new AppError("app.timed_out", `${program} did not end within ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", onAbort);
      finish();
    };
    const stdout = collect(child.stdout, (line) => options.onLine?.(line, "stdout"));
    const stderr = collect(child.stderr, (line) => options.onLine?.(line, "stderr"));
    options.signal?.addEventListener("abort", onAbort, { once: true });
    child.once("error", (cause) => settle(() => reject(notStarted(program, cause))));
    child.once("close", (code, signal) => {
      const exitCode = code ?? 128 + (SIGNAL_NUMBERS[signal ?? ""] ?? 0);
      settle(() => resolve({ exitCode, stdout: stdout(), stderr: stderr() }));
    });
    // A program that ends without reading its input closes the pipe; its exit code says what happened.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
  });
}

function collect(stream: NodeJS.ReadableStream, onLine: (line: string) => void): () => string {
  let text = "";
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    if (text.length < MAX_OUTPUT_CHARACTERS) text += chunk;
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(onLine);
  });
  stream.on("end", () => {
    if (rest !== "") onLine(rest);
  });
  return () => text;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function cancelled(program: string): AppError {
  return new AppError("app.cancelled", `${program} was stopped`);
}

function notStarted(program: string, cause: Error): AppError {
  if ((cause as NodeJS.ErrnoException).code !== "ENOENT")
    return new AppError("app.internal", `${program} could not be started: ${cause.message}`, { cause });
  return new AppError("local.program_missing", `${program} is not installed on this computer`, {
    hint: `Install the package that has ${program}, then try again.`,
    cause,
  });
}

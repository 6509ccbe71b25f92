import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunSettings {
  readonly input?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

/** Runs a program of this machine to its end; any exit code is an answer. Killed by a signal counts as 128. */
export async function run(argv: readonly string[], settings: RunSettings = {}): Promise<RunResult> {
  const deadline = AbortSignal.timeout(settings.timeoutMs ?? 60_000);
  const signal = settings.signal ? AbortSignal.any([settings.signal, deadline]) : deadline;
  const [program = "false", ...parameters] = argv;
  const child = spawn(program, parameters, { stdio: ["pipe", "pipe", "pipe"], signal, killSignal: "SIGKILL" });
  child.stdin.on("error", () => undefined); // a program may end without reading all of its input
  child.stdin.end(settings.input ?? "");
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 128));
  });
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { exitCode, stdout, stderr };
}

/** Runs a program that must succeed and gives its output. */
export async function mustRun(argv: readonly string[], settings: RunSettings = {}): Promise<string> {
  const result = await run(argv, settings);
  if (result.exitCode === 0) return result.stdout;
  const lastLines = `${result.stdout}${result.stderr}`.trim().split("\n").slice(-20).join("\n");
  throw new Error(`${argv.join(" ")} ended with ${result.exitCode}:\n${lastLines}`);
}

/** Asks every `everyMs` until the answer is not null. */
export async function poll<T>(what: string, ask: () => Promise<T | null>, timeoutMs = 15_000): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (Date.now() > end) throw new Error(`Waited ${timeoutMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

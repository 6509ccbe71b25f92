import type { Command, CommandResult, DetachedOptions } from "../../provisioning/shell.ts";
import { expectOk, jobLost } from "../platform/command-end.ts";
import { FOLLOW_JOB, JOB_LIMITS, ROOT_JOBS, STOP_JOB } from "../platform/detached-scripts.ts";
import { runProgram } from "../platform/run-program.ts";

const NOTHING_SEEN = ["0", "-"] as const;

type JobOptions = DetachedOptions & { readonly env: Readonly<Record<string, string>> };

/** A job of root as the app starts it over SSH: each joins what the other has begun, and it outlives both. */
export async function runJob(command: Command, options: JobOptions): Promise<CommandResult> {
  const { key, env, signal, timeoutMs = JOB_LIMITS.timeoutMs } = options;
  const input = command.input ?? "";
  const length = String(Buffer.byteLength(input));
  const follow = ["sh", "-c", FOLLOW_JOB, "sh", ROOT_JOBS, key, ...NOTHING_SEEN, length, ...command.argv] as const;
  const onLine = withoutFirst((line) => options.onLine?.(line));
  const end = await runProgram([...follow], {
    // The line after the input says that the end was seen.
    input: `${input}seen\n`,
    env,
    signal,
    timeoutMs,
    onLine: (line, stream) => stream === "stdout" && onLine(line),
  }).catch(async (failure: unknown) => {
    await stop(options);
    throw failure;
  });
  const stdout = end.stdout.slice(end.stdout.indexOf("\n") + 1);
  const exit = /^exit (\d+)$/m.exec(end.stderr)?.[1];
  if (exit === undefined) throw jobLost(command, `${stdout}\n${end.stderr}`);
  return expectOk(command, { exitCode: Number(exit), stdout, stderr: "" });
}

/** The first line names the job. */
function withoutFirst(onLine: (line: string) => void): (line: string) => void {
  let isFirst = true;
  return (line) => {
    if (!isFirst) onLine(line);
    isFirst = false;
  };
}

async function stop({ key, env, stopWithinMs = JOB_LIMITS.stopWithinMs }: JobOptions): Promise<void> {
  const seconds = String(Math.ceil(stopWithinMs / 1000));
  const argv = ["sh", "-c", STOP_JOB, "sh", ROOT_JOBS, key, seconds] as const;
  await runProgram([...argv], { env, timeoutMs: stopWithinMs + JOB_LIMITS.stopGraceMs });
}

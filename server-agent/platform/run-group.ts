import { type ChildProcess, spawn } from "node:child_process";
import { pipeline, type Readable, type Writable } from "node:stream";

export interface GroupOptions {
  readonly cwd?: string;
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
  /** Given on standard input, which is empty without it. A program that does not read it is no failure. */
  readonly input?: string | undefined;
  /** Bytes instead of text, as they come. What breaks there stops the program. */
  readonly stdin?: Readable | undefined;
  readonly stdout?: Writable | undefined;
  readonly onOutput?: (text: string, stream: OutputStream) => void;
  /** How long to wait for output of children that outlive the program; without it, for as long as they hold it open. */
  readonly lingerMs?: number;
}

export type OutputStream = "stdout" | "stderr";

/** How a program ended. `exited` has its exit code; the others were killed. */
export interface GroupEnd {
  readonly reason: "exited" | "killed" | "aborted" | "timed_out";
  readonly code: number | null;
}

const KILL_AFTER_MS = 1_000;

/**
 * Runs a program in a process group of its own, so that stopping it stops its children too: SIGTERM first, SIGKILL a
 * second later. Rejects only when the program cannot be started.
 */
export async function runGroup(argv: readonly [string, ...string[]], options: GroupOptions): Promise<GroupEnd> {
  const [program, ...parameters] = argv;
  const child = spawn(program, parameters, {
    cwd: options.cwd,
    env: { ...options.env },
    stdio: [options.input === undefined && !options.stdin ? "ignore" : "pipe", "pipe", "pipe"],
    detached: true,
  });
  const end: { reason: GroupEnd["reason"] } = { reason: "exited" };
  let killTimer: NodeJS.Timeout | undefined;
  const stop = (why: GroupEnd["reason"]): void => {
    if (end.reason !== "exited") return;
    end.reason = why;
    killGroup(child.pid, "SIGTERM");
    killTimer = setTimeout(() => killGroup(child.pid, "SIGKILL"), KILL_AFTER_MS);
  };
  const timeout = setTimeout(() => stop("timed_out"), options.timeoutMs);
  const abort = (): void => stop("aborted");
  options.signal?.addEventListener("abort", abort, { once: true });
  if (options.signal?.aborted) abort();
  // EPIPE: the program ended, or closed its input, before it had read everything.
  child.stdin?.on("error", () => undefined);
  if (options.stdin && child.stdin) pipeBytes(options.stdin, child.stdin, stop);
  else child.stdin?.end(options.input);
  if (options.stdout && child.stdout) pipeBytes(child.stdout, options.stdout, stop);
  for (const stream of options.stdout ? (["stderr"] as const) : (["stdout", "stderr"] as const)) {
    child[stream]?.setEncoding("utf8").on("data", (text: string) => options.onOutput?.(text, stream));
  }
  try {
    const code = await whenEnded(child, options.lingerMs);
    return { reason: code === null && end.reason === "exited" ? "killed" : end.reason, code };
  } finally {
    clearTimeout(timeout);
    clearTimeout(killTimer);
    options.signal?.removeEventListener("abort", abort);
    // A child that ignores SIGTERM and holds no output open would outlive the program that was stopped.
    if (end.reason !== "exited") killGroup(child.pid, "SIGKILL");
  }
}

/** A program that ends before it has read everything is no failure. */
function pipeBytes(from: Readable, to: Writable, stop: (why: GroupEnd["reason"]) => void): void {
  pipeline(from, to, (error) => {
    if (error && error.code !== "EPIPE") stop("aborted");
  });
}

async function whenEnded(child: ChildProcess, lingerMs: number | undefined): Promise<number | null> {
  return await new Promise((resolve, reject) => {
    let linger: NodeJS.Timeout | undefined;
    child.once("error", reject);
    child.once("exit", (code) => {
      if (lingerMs === undefined) return;
      linger = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        resolve(code);
      }, lingerMs);
    });
    child.once("close", (code) => {
      clearTimeout(linger);
      resolve(code);
    });
  });
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // ESRCH: everything in the group has ended already.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

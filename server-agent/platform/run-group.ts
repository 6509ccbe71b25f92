import { spawn } from "node:child_process";

export interface GroupOptions {
  readonly cwd?: string;
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
  readonly onOutput?: (text: string) => void;
}

/** How a program ended. `exited` has its exit code; the others were killed. */
export interface GroupEnd {
  readonly reason: "exited" | "killed" | "aborted" | "timed_out";
  readonly code: number | null;
}

const KILL_AFTER_MS = 1_000;

/**
 * Runs a program in a process group of its own, so that stopping it stops its children too: SIGTERM first, SIGKILL a
 * second later. Standard output and error arrive together. Rejects only when the program cannot be started.
 */
export async function runGroup(argv: readonly [string, ...string[]], options: GroupOptions): Promise<GroupEnd> {
  const [program, ...parameters] = argv;
  const child = spawn(program, parameters, {
    cwd: options.cwd,
    env: { ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let reason: GroupEnd["reason"] = "exited";
  let killTimer: NodeJS.Timeout | undefined;
  const stop = (why: GroupEnd["reason"]): void => {
    if (reason !== "exited") return;
    reason = why;
    killGroup(child.pid, "SIGTERM");
    killTimer = setTimeout(() => killGroup(child.pid, "SIGKILL"), KILL_AFTER_MS);
  };
  const timeout = setTimeout(() => stop("timed_out"), options.timeoutMs);
  const abort = (): void => stop("aborted");
  options.signal?.addEventListener("abort", abort, { once: true });
  if (options.signal?.aborted) abort();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => options.onOutput?.(text));
  }
  try {
    return await new Promise<GroupEnd>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) =>
        resolve({ reason: code === null && reason === "exited" ? "killed" : reason, code }),
      );
    });
  } finally {
    clearTimeout(timeout);
    clearTimeout(killTimer);
    options.signal?.removeEventListener("abort", abort);
  }
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

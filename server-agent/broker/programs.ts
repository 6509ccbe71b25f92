import { randomBytes } from "node:crypto";
import { AppError } from "../../contract/errors.ts";
import { runGroup, type GroupEnd } from "../platform/run-group.ts";
import { runProgram } from "../platform/run-program.ts";
import { pause } from "../platform/wait.ts";

export type Argv = readonly [string, ...string[]];

export interface RunOptions {
  /** For people and the model, as it comes; silent without. */
  readonly onOutput?: ((text: string) => void) | undefined;
  readonly timeoutMs?: number;
}

export interface ServiceOptions extends RunOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Properties of a service, such as `PrivateTmp=yes`. */
  readonly properties?: readonly string[];
  /** Goes on to its end when the caller has gone: half of it would be worse than all. */
  readonly isUncut?: boolean;
}

/** How the broker runs programs: lists of arguments, never a shell. */
export interface Programs {
  /** Inside the broker's own restrictions. Throws `broker.failed` with the end of what it printed. */
  run(argv: Argv, options?: RunOptions): Promise<void>;
  /** What it prints to standard output; null when it fails. */
  ask(argv: Argv): Promise<string | null>;
  /** As a service of its own, with all rights of root. Throws `broker.failed`. */
  asService(argv: Argv, options?: ServiceOptions): Promise<void>;
}

const ENVIRONMENT = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LANG: "C.UTF-8",
  HOME: "/nonexistent",
} as const;
const TIMEOUT_MS = 120_000;
const ASK_TIMEOUT_MS = 20_000;
const STOP_AGAIN_MS = 200;
const KEPT_CHARACTERS = 4_000;

export function createPrograms(signal: AbortSignal): Programs {
  return {
    async run(argv, { onOutput, timeoutMs = TIMEOUT_MS } = {}) {
      const tail = createTail(onOutput);
      const end = await start(argv, { env: ENVIRONMENT, signal, timeoutMs, onOutput: (text) => tail.add(text) });
      refuseFailure(argv, end, tail.read());
    },
    async ask([program, ...parameters]) {
      const { ok, output } = await runProgram(program, parameters, ASK_TIMEOUT_MS);
      return ok ? output : null;
    },
    async asService(argv, options = {}) {
      const tail = createTail(options.onOutput);
      const { timeoutMs = TIMEOUT_MS } = options;
      const unit = `ai-infrastructure-root-${randomBytes(6).toString("hex")}.service`;
      const over = new AbortController();
      const stop = (): void => void stopService(unit, over.signal);
      if (options.isUncut !== true) {
        if (signal.aborted) throw new AppError("app.cancelled", "It was stopped");
        signal.addEventListener("abort", stop, { once: true });
      }
      try {
        const call = serviceArgv(argv, { ...options, unit, timeoutMs });
        const end = await start(call, {
          env: ENVIRONMENT,
          timeoutMs: timeoutMs + 10_000,
          onOutput: (text) => tail.add(text),
        });
        if (signal.aborted && options.isUncut !== true) throw new AppError("app.cancelled", "It was stopped");
        refuseFailure(argv, end, tail.read());
      } finally {
        over.abort();
        signal.removeEventListener("abort", stop);
      }
    },
  };
}

/** Again until it is over: the first time, the service may not be there yet. */
async function stopService(unit: string, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await runProgram("systemctl", ["stop", unit], ASK_TIMEOUT_MS);
    await pause(STOP_AGAIN_MS, over);
  }
}

interface ServiceCall extends ServiceOptions {
  readonly unit: string;
  readonly timeoutMs: number;
}

/** The command that runs `argv` as a service of its own and waits for it. */
export function serviceArgv(argv: Argv, call: ServiceCall): Argv {
  const { unit, timeoutMs, environment = {}, properties = [], isUncut = false } = call;
  const limits = isUncut ? [] : [`RuntimeMaxSec=${Math.ceil(timeoutMs / 1000)}`, "TimeoutStopSec=1"];
  return [
    "systemd-run",
    "--quiet",
    "--pipe",
    "--wait",
    "--collect",
    `--unit=${unit}`,
    ...[...limits, ...properties].map((property) => `--property=${property}`),
    ...Object.entries({ LANG: "C.UTF-8", ...environment }).map(([name, value]) => `--setenv=${name}=${value}`),
    "--",
    // systemd replaces $NAME in the words of a command; $$ is a dollar.
    ...argv.map((word) => word.replaceAll("$", "$$$$")),
  ];
}

async function start(argv: Argv, options: Parameters<typeof runGroup>[1]): Promise<GroupEnd> {
  return await runGroup([...argv], options).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    throw new AppError("broker.failed", `${argv[0]} is not installed on this server`, { cause: error });
  });
}

function refuseFailure(argv: Argv, end: GroupEnd, output: string): void {
  if (end.reason === "aborted") throw new AppError("app.cancelled", "It was stopped");
  if (end.reason === "exited" && end.code === 0) return;
  const how = end.reason === "exited" ? `ended with ${String(end.code)}` : `was stopped (${end.reason})`;
  throw new AppError("broker.failed", `${argv[0]} ${how}`, { details: output.trim() || undefined });
}

/** Remembers the end of an output that it passes on. */
function createTail(onOutput: RunOptions["onOutput"]) {
  let kept = "";
  return {
    add(text: string): void {
      kept = (kept + text).slice(-KEPT_CHARACTERS);
      onOutput?.(text);
    },
    read: () => kept,
  };
}

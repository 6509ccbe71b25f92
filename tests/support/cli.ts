import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";

/** The built command line, as `ai-infra` runs it. */
export const CLI = path.resolve(import.meta.dirname, "../../out/cli/cli.mjs");

const DEADLINE_MS = 300_000;

export type JsonLine = Readonly<Record<string, unknown>>;

export interface CliEnd {
  readonly exitCode: number | null;
  /** Every line of `--json` but the last. */
  readonly events: readonly JsonLine[];
  /** The last line. */
  readonly result: JsonLine;
  readonly stderr: string;
  readonly seconds: number;
}

export interface CliSettings {
  readonly env?: Readonly<Record<string, string>>;
  readonly onEvent?: (event: JsonLine) => void;
}

/** Runs the command line with `--json` and all of its state in `home`. */
export function createCli(home: string) {
  return async (argv: readonly string[], { env = {}, onEvent }: CliSettings = {}): Promise<CliEnd> => {
    const started = performance.now();
    const child = spawn(process.execPath, [CLI, ...argv, "--json"], {
      env: { ...process.env, AI_INFRA_HOME: home, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      signal: AbortSignal.timeout(DEADLINE_MS),
      killSignal: "SIGKILL",
    });
    const exited = once(child, "close");
    const stderr = text(child.stderr);
    const lines: JsonLine[] = [];
    for await (const line of createInterface(child.stdout)) {
      const event = JSON.parse(line) as JsonLine;
      lines.push(event);
      onEvent?.(event);
    }
    const [exitCode] = (await exited) as [number | null];
    const seconds = (performance.now() - started) / 1000;
    return { exitCode, events: lines.slice(0, -1), result: lines.at(-1) ?? {}, stderr: await stderr, seconds };
  };
}

export type Cli = ReturnType<typeof createCli>;

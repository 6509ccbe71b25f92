import { AppError } from "../../contract/errors.ts";
import type { Command, CommandResult, RunOptions } from "../../provisioning/shell.ts";
import { exchange, limited, write } from "./exchange.ts";
import { lineReader } from "./lines.ts";
import { quote } from "./quote.ts";
import type { Elevation } from "./root.ts";
import type { SshSession } from "./session.ts";

const DEFAULT_TIMEOUT_MS = 60_000;
const LAST_LINES = 12;

export interface Server {
  readonly session: SshSession;
  readonly elevation: () => Promise<Elevation>;
}

type Limited = RunOptions & { readonly signal: AbortSignal };

const ASIS: Elevation = { prefix: [], input: "" };

export async function elevationFor(server: Server, asRoot: boolean): Promise<Elevation> {
  return asRoot ? server.elevation() : ASIS;
}

export async function runCommand(server: Server, command: Command, options: RunOptions = {}): Promise<CommandResult> {
  const limit = { ...options, timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS, what: describe(command) };
  return expectOk(command, await limited(limit, (signal) => runLimited(server, command, { ...options, signal })));
}

async function runLimited(server: Server, command: Command, options: Limited): Promise<CommandResult> {
  const { prefix, input } = await elevationFor(server, command.asRoot);
  const stdout = lineReader((line) => options.onLine?.(line));
  const stderr = lineReader((line) => options.onLine?.(line));
  const result = await exchange(server.session, {
    line: quote([...prefix, ...command.argv]),
    feed: (channel) => write(channel, input + (command.input ?? "")),
    onStdout: (bytes) => stdout.push(bytes),
    onStderr: (bytes) => stderr.push(bytes),
    signal: options.signal,
  });
  stdout.end();
  stderr.end();
  return result;
}

export function expectOk(command: Command, result: CommandResult): CommandResult {
  if (command.ok.includes(result.exitCode)) return result;
  const output = `${result.stdout}\n${result.stderr}`.trim();
  if (/No space left on device|Disk quota exceeded/i.test(output)) {
    throw new AppError("provision.disk_full", `The server's disk is full: ${describe(command)} could not write`, {
      hint: "Free some space on the server, then run again: it continues where it stopped.",
      details: lastLines(output),
    });
  }
  throw new AppError("provision.step_failed", `${describe(command)} failed with exit code ${result.exitCode}`, {
    hint: "Read its last lines below; after repairing, run again: it continues where it stopped.",
    details: lastLines(output),
  });
}

/** The command for people: scripts and long arguments cut short. */
export function describe(command: Command): string {
  const words = command.argv.map((word) => {
    const first = word.split("\n", 1)[0] ?? "";
    return first.length < word.length || first.length > 60 ? `${first.slice(0, 60)}…` : first;
  });
  return `\`${words.slice(0, 8).join(" ")}${words.length > 8 ? " …" : ""}\``;
}

export function lastLines(output: string): string {
  return output.split("\n").slice(-LAST_LINES).join("\n");
}

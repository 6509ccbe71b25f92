import type { Command, CommandResult, RunOptions } from "../../provisioning/shell.ts";
import { describe, expectOk } from "../platform/command-end.ts";
import { exchange, limited, write } from "./exchange.ts";
import { lineReader } from "./lines.ts";
import { quote } from "./quote.ts";
import type { Elevation } from "./root.ts";
import type { SshSession } from "./session.ts";

const DEFAULT_TIMEOUT_MS = 60_000;

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

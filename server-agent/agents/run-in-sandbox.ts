import { AppError } from "../../contract/errors.ts";
import { shellQuote } from "../platform/shell-quote.ts";
import { memoryKills } from "../sandbox/memory-kills.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import type { ToolContext } from "./agent-tool.ts";
import { createEndsKeeper } from "./keep-ends.ts";

export interface SandboxedCommand {
  /** A shell line, or a program with its arguments. */
  readonly command: string | readonly string[];
  readonly cwd: string;
  readonly timeoutSeconds: number;
}

const MAX_OUTPUT_CHARACTERS = 100_000;
/** A shell's for a program that ended by SIGKILL. */
const KILLED_CODE = 137;
const OUT_OF_MEMORY = "stopped, because it needed more memory than an agent of this machine may use";

/** What the command printed, the middle left out when it is long. Any end but exit code 0 is an error that says all. */
export async function runInSandbox(
  sandbox: Sandbox,
  { command, cwd, timeoutSeconds }: SandboxedCommand,
  { signal, onOutput }: Pick<ToolContext, "signal" | "onOutput">,
): Promise<string> {
  const output = createEndsKeeper(MAX_OUTPUT_CHARACTERS);
  const killsBefore = await memoryKills();
  const end = await sandbox.run(typeof command === "string" ? command : shellLine(command), {
    cwd,
    signal,
    timeoutMs: timeoutSeconds * 1000,
    onOutput: (text) => {
      output.add(text);
      onOutput(text);
    },
  });
  const text = output.read();
  if (end.reason === "timed_out") throw failed(`stopped after ${timeoutSeconds} s`, text);
  if (end.reason === "aborted") throw failed("stopped", text);
  const wasKilled = end.reason === "killed" || end.code === KILLED_CODE;
  if (wasKilled && (await memoryKills()) > killsBefore) throw failed(OUT_OF_MEMORY, text);
  if (end.reason === "killed") throw failed("killed", text);
  if (end.code !== 0) throw failed(`exit code ${String(end.code)}`, text);
  return text === "" ? "(no output)" : text;
}

export function shellLine(argv: readonly string[]): string {
  return argv.map(shellQuote).join(" ");
}

function failed(how: string, output: string): AppError {
  return new AppError("task.failed", output === "" ? how : `${output.trimEnd()}\n${how}`);
}

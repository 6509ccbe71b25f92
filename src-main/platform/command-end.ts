import { AppError } from "../../contract/errors.ts";
import type { Command, CommandResult } from "../../provisioning/shell.ts";

const LAST_LINES = 12;
const DISK_IS_FULL = /No space left on device|Disk quota exceeded|don't have enough free space/i;

/** The result, when the caller takes its exit code for an answer. */
export function expectOk(command: Command, result: CommandResult): CommandResult {
  if (command.ok.includes(result.exitCode)) return result;
  const output = `${result.stdout}\n${result.stderr}`.trim();
  if (DISK_IS_FULL.test(output)) {
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

/** A detached command that ended without an exit code. */
export function jobLost(command: Command, output: string): AppError {
  return new AppError("provision.step_failed", `${describe(command)} was stopped on the server before its end`, {
    hint: "The server may have restarted or run out of memory. Run again: it continues where it stopped.",
    details: lastLines(output.trim()),
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

import { chmod, copyFile, rename, rm, stat } from "node:fs/promises";
import { AppError } from "../../contract/errors.ts";
import type { Command, CommandResult, RunOptions, Shell } from "../../provisioning/shell.ts";
import { type Argv, runProgram } from "../platform/run-program.ts";

const TAIL_LINES = 20;

/** Commands on this computer, as the person who started the app. */
export function createLocalShell(): Shell {
  const running = new Map<string, Promise<CommandResult>>();
  return {
    signedInWith: "nothing",
    appKey: null,
    logInAgain: async () => undefined,
    run,
    runDetached(command, { key, ...options }) {
      const joined = running.get(key);
      if (joined) return joined;
      const started = run(command, options).finally(() => running.delete(key));
      running.set(key, started);
      return started;
    },
    async upload({ source, destination, mode }, options = {}) {
      const temporary = `${destination}.new-${process.pid}`;
      try {
        await copyFile(source, temporary);
        await chmod(temporary, Number.parseInt(mode, 8));
        await rename(temporary, destination);
      } catch (cause) {
        await rm(temporary, { force: true });
        throw new AppError("provision.upload_failed", `${destination} could not be written`, { cause });
      }
      const { size } = await stat(destination);
      options.onProgress?.(size, size);
    },
  };
}

async function run(command: Command, options: RunOptions = {}): Promise<CommandResult> {
  const needsSudo = command.asRoot && process.getuid?.() !== 0;
  const argv: Argv = needsSudo ? ["sudo", "-n", "--", ...command.argv] : command.argv;
  const result = await runProgram(argv, { ...options, input: command.input });
  if (command.ok.includes(result.exitCode)) return result;
  const lastLines = `${result.stdout}${result.stderr}`.trimEnd().split("\n").slice(-TAIL_LINES).join("\n");
  throw new AppError("provision.step_failed", `${command.argv.join(" ")} ended with ${result.exitCode}`, {
    details: lastLines,
  });
}

import { AppError } from "../../contract/errors.ts";
import type { Command, CommandResult, RunOptions, Shell } from "../../provisioning/shell.ts";
import { putFile } from "../platform/put-file.ts";
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
    upload: (upload, options) =>
      putFile(upload, options).catch((cause: unknown) => {
        throw new AppError("provision.upload_failed", `${upload.destination} could not be written`, { cause });
      }),
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

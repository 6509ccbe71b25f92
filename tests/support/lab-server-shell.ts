import { copyFile, chmod, rename, stat } from "node:fs/promises";
import path from "node:path";
import { AppError } from "../../contract/errors.ts";
import type { Command, CommandResult, RunOptions, Shell } from "../../provisioning/shell.ts";
import { treeOf } from "./lab-server-machine.ts";
import type { Lab } from "./lab-server.ts";

/** A shell on a lab server without SSH, as root: for tests of what is done, not of the way there. */
export function labShell(lab: Lab): Shell {
  const run = async (command: Command, options: RunOptions = {}): Promise<CommandResult> => {
    const { input, argv } = command;
    const { signal, timeoutMs } = options;
    const result = await lab.exec(argv, { input, signal, timeoutMs });
    for (const line of result.stdout.split("\n").slice(0, -1)) options.onLine?.(line);
    if (command.ok.includes(result.exitCode)) return result;
    const details = `${result.stdout}${result.stderr}`.split("\n").slice(-20).join("\n");
    throw new AppError("provision.step_failed", `The command ended with ${result.exitCode}`, { details });
  };
  return {
    signedInWith: "nothing",
    appKey: null,
    logInAgain: async () => undefined,
    run,
    runDetached: run,
    async upload({ source, destination, mode }, options = {}) {
      const target = path.join(treeOf(lab.name), destination);
      await copyFile(source, `${target}.part`);
      await chmod(`${target}.part`, Number.parseInt(mode, 8));
      await rename(`${target}.part`, target);
      const { size } = await stat(target);
      options.onProgress?.(size, size);
    },
  };
}

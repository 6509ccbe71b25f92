import { AppError } from "../../contract/errors.ts";
import { logInOverLoopback } from "../../provisioning/commands/own-login.ts";
import type { Command, CommandResult, RunOptions, Shell } from "../../provisioning/shell.ts";
import { expectOk } from "../platform/command-end.ts";
import { putFile } from "../platform/put-file.ts";
import { type Argv, runProgram } from "../platform/run-program.ts";
import { runJob } from "./run-job.ts";

export interface Login {
  /** Who runs the installer: root, or the user that became root through sudo. */
  readonly user: string;
  readonly signedInWith: Shell["signedInWith"];
}

/** The server that this process runs on as root. What needs no root runs as the login, as it would over SSH. */
export function createOwnShell({ user, signedInWith }: Login): Shell {
  const toArgv = ({ argv, asRoot }: Command): Argv =>
    asRoot || user === "root" ? argv : ["runuser", "-u", user, "--", ...argv];
  const env = environmentOf(user);
  const run = async (command: Command, options: RunOptions = {}): Promise<CommandResult> => {
    const result = await runProgram(toArgv(command), { ...options, input: command.input, env });
    return expectOk(command, result);
  };
  return {
    signedInWith,
    appKey: null,
    run,
    runDetached: (command, options) => runJob({ ...command, argv: toArgv(command) }, { ...options, env }),
    upload: (upload, options) =>
      putFile(upload, options).catch((cause: unknown) => {
        throw notWritten(upload.destination, cause);
      }),
    logInAgain: async (signal) => void (await run(logInOverLoopback(user), { signal })),
  };
}

/** Scripts learn from `SUDO_USER` who became root, as they do over SSH. */
function environmentOf(user: string): Record<string, string> {
  const { LANG = "C.UTF-8", http_proxy, https_proxy, no_proxy } = process.env;
  const given = { LANG, http_proxy, https_proxy, no_proxy };
  return {
    ...Object.fromEntries(Object.entries(given).flatMap(([name, value]) => (value ? [[name, value]] : []))),
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    HOME: "/root",
    ...(user !== "root" && { SUDO_USER: user }),
  };
}

function notWritten(destination: string, cause: unknown): AppError {
  const { code } = cause as NodeJS.ErrnoException;
  if (code !== "ENOSPC" && code !== "EDQUOT") {
    return new AppError("provision.upload_failed", `${destination} could not be written`, { cause });
  }
  return new AppError("provision.disk_full", `The server's disk is full: ${destination} could not be written`, {
    hint: "Free some space, then run again: it continues where it stopped.",
    cause,
  });
}

import { AppError } from "../../contract/errors.ts";
import type { CommandResult } from "../../provisioning/shell.ts";
import { quote } from "./quote.ts";

/** How a command becomes root: what stands before it, and what is sent before its input. */
export interface Elevation {
  readonly prefix: readonly string[];
  readonly input: string;
}

export type RunLine = (line: string, input: string) => Promise<CommandResult>;

/** Fixed language: the answers of `sudo` are read below. */
const SUDO = ["env", "LC_ALL=C.UTF-8", "sudo"];

/**
 * Finds out once how root is reached, and again when the password changes. `-k` makes sudo forget earlier logins, so
 * that it surely reads the password, which would otherwise become the command's input.
 */
export function createElevation(runLine: RunLine, sudoPassword: () => string | undefined) {
  let known: { readonly password: string | undefined; readonly elevation: Elevation } | undefined;
  return async (): Promise<Elevation> => {
    const password = sudoPassword();
    if (known && known.password === password) return known.elevation;
    const elevation = await findElevation(runLine, password);
    known = { password, elevation };
    return elevation;
  };
}

async function findElevation(runLine: RunLine, password: string | undefined): Promise<Elevation> {
  const id = await runLine(quote(["id", "-u"]), "");
  if (id.stdout.trim() === "0") return { prefix: [], input: "" };
  const free = await runLine(quote([...SUDO, "-k", "-n", "true"]), "");
  if (free.exitCode === 0) return { prefix: [...SUDO, "-n", "--"], input: "" };
  if (!/password is required|a password/i.test(free.stderr)) throw noSudo(free);
  if (password === undefined) {
    throw new AppError("provision.sudo_password_needed", "This user needs a password for sudo", {
      hint: "Give the password of the user on the server; it is kept in memory only.",
    });
  }
  const elevation = { prefix: [...SUDO, "-k", "-S", "-p", "", "--"], input: `${password}\n` };
  const tried = await runLine(quote([...elevation.prefix, "true"]), elevation.input);
  if (tried.exitCode === 0) return elevation;
  if (/not in the sudoers|may not run sudo|not allowed/i.test(tried.stderr)) throw noSudo(tried);
  throw new AppError("provision.sudo_password_wrong", "sudo on the server refused the password", {
    hint: "Give the password of the user on the server again.",
  });
}

function noSudo(result: CommandResult): AppError {
  return new AppError("provision.no_sudo", "This user may not become root on the server", {
    hint: "Log in as root, or install sudo and let this user run it.",
    details: result.stderr.trim(),
  });
}

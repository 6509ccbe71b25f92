import { asRoot, command } from "../shell.ts";
import type { Command } from "../shell.ts";

/** A fixed POSIX script that root runs and that stops at the first failure; what varies goes in as `$1`, `$2`, …. */
export function rootScript(text: string, ...parameters: readonly string[]): Command {
  return asRoot(command("sh", "-euc", text.trim(), "sh", ...parameters));
}

import { parseAptProgress } from "./commands/apt.ts";
import type { Command } from "./shell.ts";
import type { StepContext } from "./step.ts";

/** Goes on when the connection breaks, and is joined again by `key`; cancelled, it ends when no package is half unpacked. */
export async function runApt(
  { shell, signal, log, progress }: Pick<StepContext, "shell" | "signal" | "log" | "progress">,
  key: string,
  command: Command,
): Promise<void> {
  const sayWhy = () => log("Stopping as soon as no package is half unpacked");
  signal.addEventListener("abort", sayWhy);
  const onLine = (line: string) => {
    const percent = parseAptProgress(line);
    if (percent === null) log(line);
    else progress(percent, 100);
  };
  try {
    await shell.runDetached(command, { key, signal, onLine, timeoutMs: 1_800_000, stopWithinMs: 300_000 });
  } finally {
    signal.removeEventListener("abort", sayWhy);
  }
}

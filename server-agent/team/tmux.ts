import { AppError } from "../../contract/errors.ts";
import { runGroup } from "../platform/run-group.ts";

/** The whole environment of the tmux server and of what its windows run. */
const ENVIRONMENT = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LANG: "C.UTF-8",
  TERM: "xterm-256color",
  SHELL: "/bin/sh",
} as const;

const TIMEOUT_MS = 10_000;

/** What a tmux command printed. Throws an AppError with its complaint when it fails. */
export async function tmux(socket: string, ...parameters: string[]): Promise<string> {
  const { ok, output } = await tryTmux(socket, ...parameters);
  if (ok) return output;
  throw new AppError("terminal.unavailable", `tmux ${parameters[0] ?? ""} failed: ${output}`);
}

export async function tryTmux(
  socket: string,
  ...parameters: string[]
): Promise<{ readonly ok: boolean; readonly output: string }> {
  let output = "";
  const onOutput = (text: string): void => {
    output += text;
  };
  try {
    const home = process.env["HOME"] ?? "/";
    const env = { ...ENVIRONMENT, HOME: home };
    const end = await runGroup(["tmux", "-S", socket, ...parameters], {
      cwd: "/",
      env,
      timeoutMs: TIMEOUT_MS,
      onOutput,
    });
    return { ok: end.code === 0, output: output.trim() };
  } catch (error) {
    return { ok: false, output: error instanceof Error ? error.message : String(error) };
  }
}

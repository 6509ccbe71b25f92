import { spawn } from "@lydell/node-pty";
import { CLI } from "./cli.ts";
import { until } from "./start-program.ts";

/** `ai-infra attach WINDOW` in a real pseudo terminal. */
export function attachInPty(home: string, window: string) {
  const env = { ...process.env, AI_INFRA_HOME: home, TERM: "xterm-256color" };
  const pty = spawn(process.execPath, [CLI, "attach", window], { cols: 120, rows: 40, env });
  let screen = "";
  let exitCode: number | null = null;
  pty.onData((text) => (screen += text));
  pty.onExit((end) => (exitCode = end.exitCode));
  return {
    type: (text: string) => pty.write(text),
    waitFor: (text: string) => until(`the window of ${window} shows ${text}`, () => screen.includes(text), 20_000),
    async exitCode(): Promise<number | null> {
      await until("attach has ended", () => exitCode !== null, 10_000);
      return exitCode;
    },
    kill(): void {
      if (exitCode === null) pty.kill("SIGKILL");
    },
  };
}

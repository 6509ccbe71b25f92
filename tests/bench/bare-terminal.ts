import { spawn } from "node:child_process";
import { AppError } from "../../contract/errors.ts";
import type { WindowName } from "../../contract/agents.ts";
import type { Lab } from "../support/lab-server.ts";

/** OpenSSH's client on an agent's tmux window: what a terminal is without our page and host. */
export interface BareTerminal {
  /** Milliseconds from sending `keys` to the arrival of `expected`, and the bytes that came until then. */
  time(keys: string, expected: string): Promise<{ readonly ms: number; readonly bytes: number }>;
  close(): void;
}

const ATTACH = "exec sudo -n -u ai-infra /opt/ai-infrastructure/bin/attach-window";
const TAIL = 4096;
const DEADLINE_MS = 60_000;

export function openBareTerminal(lab: Lab, window: WindowName): BareTerminal {
  const child = spawn("ssh", ["-tt", ...sshOptions(lab), `${ATTACH} ${window} bare-${process.pid}`]);
  let tail = "";
  let bytes = 0;
  let awaited: { readonly text: string; readonly found: () => void } | null = null;
  child.stdout.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (!awaited) return;
    tail = (tail + plain(chunk.subarray(-TAIL).toString())).slice(-TAIL);
    if (tail.includes(awaited.text)) awaited.found();
  });
  return {
    async time(keys, expected) {
      const found = Promise.withResolvers<void>();
      const timer = setTimeout(() => found.reject(tooLate(expected)), DEADLINE_MS);
      [tail, bytes, awaited] = ["", 0, { text: expected, found: () => found.resolve() }];
      const started = performance.now();
      child.stdin.write(keys);
      await found.promise.finally(() => clearTimeout(timer));
      awaited = null;
      return { ms: performance.now() - started, bytes };
    },
    close: () => void child.kill("SIGTERM"),
  };
}

export function sshOptions(lab: Lab): readonly string[] {
  const options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR", "BatchMode=yes"];
  return [...options.flatMap((option) => ["-o", option]), "-F", "none", "-i", lab.keyFile, `root@${lab.address}`];
}

function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex -- escape sequences are what this removes.
  return text.replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, "");
}

function tooLate(expected: string): AppError {
  return new AppError("app.internal", `${JSON.stringify(expected)} did not arrive within ${DEADLINE_MS} ms`);
}

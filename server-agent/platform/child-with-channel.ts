import { spawn } from "node:child_process";
import { constants, setPriority } from "node:os";

export interface ProgramLink {
  /** Lost when the program has ended, which `onEnd` tells. */
  send(message: object): void;
  /** At once; `onEnd` is not called any more. */
  stop(): void;
}

interface ProgramListener {
  readonly onMessage: (message: unknown) => void;
  readonly onEnd: (why: string) => void;
}

/**
 * Starts another program of ours on the same Node, spoken to over a channel that carries typed arrays as they are. It
 * gives way to everything else on the machine, and should end when the channel does.
 */
export function startWithChannel(
  program: string,
  flags: readonly string[],
  { onMessage, onEnd }: ProgramListener,
): ProgramLink {
  const child = spawn(process.execPath, [...flags, program], {
    env: {},
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    serialization: "advanced",
  });
  child.on("message", onMessage);
  child.once("error", (error) => onEnd(error.message));
  child.once("exit", (code, signal) => onEnd(signal ?? `exit code ${code}`));
  if (child.pid !== undefined) lowerPriority(child.pid);
  return {
    send: (message) => child.send(message, () => undefined),
    stop() {
      child.removeAllListeners();
      child.on("error", () => undefined);
      child.kill("SIGKILL");
    },
  };
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Only politeness; it may have ended already.
  }
}

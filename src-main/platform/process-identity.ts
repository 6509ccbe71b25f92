import { readFileSync, statSync } from "node:fs";

/** One process, for ever: a recycled process id has another start, and after a reboot another boot. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTicks: string;
  readonly bootId: string;
}

/** Null when no such process runs. */
export function identify(pid: number): ProcessIdentity | null {
  const stat = readProc(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The name in brackets may hold anything; what follows the last bracket is plain fields, from field 3 on.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, startTicks] = [fields[0], fields[19]];
  if (state === "Z" || state === "X" || startTicks === undefined) return null;
  return { pid, startTicks, bootId: bootId() };
}

export function isAlive(identity: ProcessIdentity): boolean {
  if (identity.bootId !== bootId()) return false;
  return identify(identity.pid)?.startTicks === identity.startTicks;
}

/** Signals exactly this process, and only when it runs as `uid` (anyone when left out). False when it is gone. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals, uid?: number): boolean {
  if (!isAlive(identity)) return false;
  try {
    if (uid !== undefined && statSync(`/proc/${identity.pid}`).uid !== uid) return false;
    process.kill(identity.pid, signal);
    return true;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

function bootId(): string {
  return readProc("/proc/sys/kernel/random/boot_id")?.trim() ?? "";
}

function readProc(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ESRCH";
}

import type { Readable, Writable } from "node:stream";
import { AppError } from "../../contract/errors.ts";
import { runGroup } from "../platform/run-group.ts";

const ENVIRONMENT = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LANG: "C.UTF-8",
  PGCONNECT_TIMEOUT: "5",
  PGAPPNAME: "ai-infrastructure snapshot",
} as const;
const COPY_MS = 30 * 60_000;

export interface CopyStreams {
  readonly stdin?: Readable;
  readonly stdout?: Writable;
}

/** Runs a program that copies, and gives what it prints. Throws `broker.failed` with the end of what it complained of. */
export async function runCopy(argv: readonly [string, ...string[]], streams: CopyStreams = {}): Promise<string> {
  const said = { stdout: "", stderr: "" };
  const end = await runGroup(argv, {
    env: ENVIRONMENT,
    cwd: "/",
    timeoutMs: COPY_MS,
    onOutput: (text, stream) => void (said[stream] += text),
    ...streams,
  }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "ENOENT") throw cause;
    throw new AppError("broker.failed", `${argv[0]} is not installed on this server`, { cause });
  });
  if (end.reason === "exited" && end.code === 0) return said.stdout;
  const why = said.stderr.trim().split("\n").slice(-4).join("; ");
  throw new AppError("broker.failed", `${argv[0]}: ${why || `it ended with ${end.code ?? end.reason}`}`);
}

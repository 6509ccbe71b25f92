import { once } from "node:events";
import type { ClientChannel } from "ssh2";
import type { CommandResult } from "../../provisioning/shell.ts";
import { AppError } from "../../contract/errors.ts";
import { lost, type SshSession } from "./session.ts";

/** At most this much of a command's output is kept; of more, the end. */
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;

export interface Exchange {
  readonly line: string;
  /** Writes the command's standard input; the input ends when it returns. */
  readonly feed: (channel: ClientChannel) => Promise<void>;
  readonly onStdout?: ((bytes: Buffer) => void) | undefined;
  readonly onStderr?: ((bytes: Buffer) => void) | undefined;
  readonly signal: AbortSignal;
}

/** Runs one line to its end. Rejects when the connection breaks or `signal` aborts, with the signal's reason. */
export async function exchange(session: SshSession, parts: Exchange): Promise<CommandResult> {
  parts.signal.throwIfAborted();
  const ended = Promise.withResolvers<CommandResult>();
  ended.promise.catch(() => {});
  const channel = await session.exec(
    parts.line,
    (channel) => void collect(channel, parts).then(ended.resolve, ended.reject),
  );
  const aborted = Promise.withResolvers<never>();
  aborted.promise.catch(() => {});
  const abort = () => aborted.reject(parts.signal.reason);
  parts.signal.addEventListener("abort", abort);
  try {
    const fed = parts.feed(channel).then(() => channel.end());
    // A command that ends before it has read its input is no failure of ours.
    fed.catch(() => {});
    return await session.whileOpen(Promise.race([ended.promise, aborted.promise]));
  } catch (error) {
    channel.signal("TERM");
    throw error;
  } finally {
    parts.signal.removeEventListener("abort", abort);
    channel.close();
  }
}

/** Writes, waiting while the other side is not reading. */
export async function write(channel: ClientChannel, bytes: Buffer | string): Promise<void> {
  if (channel.write(bytes)) return;
  // Listeners of a wait that is over would pile up over an upload.
  const over = new AbortController();
  const { signal } = over;
  const closed = once(channel, "close", { signal }).then(() => Promise.reject(lost()));
  try {
    await Promise.race([once(channel, "drain", { signal }), closed]);
  } finally {
    over.abort();
  }
}

function collect(channel: ClientChannel, { onStdout, onStderr }: Exchange): Promise<CommandResult> {
  const stdout = tail();
  const stderr = tail();
  channel.on("data", (bytes: Buffer) => (stdout.add(bytes), onStdout?.(bytes)));
  channel.stderr.on("data", (bytes: Buffer) => (stderr.add(bytes), onStderr?.(bytes)));
  return new Promise((resolve, reject) => {
    let exit: { code: number | null; signal?: string } | undefined;
    channel.on("exit", (code: number | null, signal?: string) => (exit = { code, ...(signal ? { signal } : {}) }));
    channel.on("error", (error: Error) => reject(lost(error)));
    channel.on("close", () => {
      if (!exit) return reject(lost());
      resolve({ exitCode: exitCode(exit), stdout: stdout.text(), stderr: stderr.text() });
    });
  });
}

/** As a shell counts: 128 and the signal's number; 255 for signals without one here. */
function exitCode({ code, signal }: { code: number | null; signal?: string }): number {
  if (code !== null) return code;
  const numbers: Record<string, number> = { HUP: 129, INT: 130, KILL: 137, SEGV: 139, PIPE: 141, TERM: 143 };
  return numbers[signal ?? ""] ?? 255;
}

function tail(): { add(bytes: Buffer): void; text(): string } {
  let parts: Buffer[] = [];
  let size = 0;
  return {
    add(bytes) {
      parts.push(bytes);
      size += bytes.length;
      if (size < 2 * MAX_OUTPUT_BYTES) return;
      parts = [Buffer.concat(parts).subarray(-MAX_OUTPUT_BYTES)];
      size = MAX_OUTPUT_BYTES;
    },
    text: () => Buffer.concat(parts).toString("utf8"),
  };
}

interface Limit {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
  /** For the message: what took too long or was cancelled. */
  readonly what: string;
}

/** Gives `work` a signal that also ends after a deadline, with an `AppError` as its reason either way. */
export async function limited<T>(limit: Limit, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { signal, timeoutMs, what } = limit;
  const controller = new AbortController();
  const cancel = () => controller.abort(new AppError("app.cancelled", `${what} was cancelled`));
  const timer = setTimeout(() => {
    controller.abort(new AppError("app.timed_out", `${what} took longer than ${Math.round(timeoutMs / 1000)} s`));
  }, timeoutMs);
  if (signal?.aborted) cancel();
  signal?.addEventListener("abort", cancel);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", cancel);
  }
}

import type { Client, ClientChannel, PseudoTtyOptions } from "ssh2";
import { AppError } from "../../contract/errors.ts";

const OPEN_TIMEOUT_MS = 15_000;
const PING_TIMEOUT_MS = 10_000;

/** A login over one connection. No wait outlives the connection: ssh2 does not answer some calls when it breaks. */
export interface SshSession {
  readonly client: Client;
  /** Settles once: with what broke the connection, or null after `close`. */
  readonly closed: Promise<AppError | null>;
  /** Waits for `work`, but never longer than the connection lives. */
  whileOpen<T>(work: Promise<T>): Promise<T>;
  /** `listen` is called before any event of the channel can pass: it may end in the same read that opened it. */
  exec(line: string, listen: (channel: ClientChannel) => void, pty?: PseudoTtyOptions): Promise<ClientChannel>;
  ping(): Promise<number>;
  close(): void;
}

export function createSession(client: Client): SshSession {
  const { closed, close } = watchClosed(client);
  const broken = closed.then((error) => {
    throw error ?? lost();
  });
  broken.catch(() => {});
  const whileOpen = <T>(work: Promise<T>) => Promise.race([work, broken]);
  return {
    client,
    closed,
    whileOpen,
    close,
    exec: (line, listen, pty) =>
      whileOpen(withDeadline(openExec(client, { line, listen, pty }), OPEN_TIMEOUT_MS, "Opening a channel")),
    ping: () => whileOpen(withDeadline(roundTrip(client), PING_TIMEOUT_MS, "A round trip")),
  };
}

export function lost(cause?: unknown): AppError {
  const why = cause instanceof Error ? `: ${cause.message}` : "";
  return new AppError("connection.lost", `The connection to the server was lost${why}`, { cause });
}

export async function withDeadline<T>(work: Promise<T>, ms: number, what: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new AppError("app.timed_out", `${what} took longer than ${ms / 1000} s`)), ms);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function watchClosed(client: Client): { closed: Promise<AppError | null>; close: () => void } {
  const { promise: closed, resolve } = Promise.withResolvers<AppError | null>();
  let lastError: Error | undefined;
  client.on("error", (error) => (lastError = error));
  client.on("close", () => resolve(lost(lastError)));
  client.on("end", () => resolve(lost(lastError)));
  return {
    closed,
    close: () => {
      resolve(null);
      client.end();
      // `end` waits for the other side, which may be gone.
      setTimeout(() => client.destroy(), 1_000).unref();
    },
  };
}

interface ExecRequest {
  readonly line: string;
  readonly listen: (channel: ClientChannel) => void;
  readonly pty: PseudoTtyOptions | undefined;
}

function openExec(client: Client, { line, listen, pty }: ExecRequest): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    const opened = (error: Error | undefined, channel: ClientChannel) => {
      if (error) return reject(channelError(error));
      listen(channel);
      resolve(channel);
    };
    try {
      client.exec(line, pty ? { pty } : {}, opened);
    } catch (error) {
      reject(lost(error));
    }
  });
}

/** The connection stands, and the server opens nothing more on it. Told as a loss, which is worth trying again. */
export class ChannelRefused extends AppError {
  constructor(cause: Error) {
    super("connection.lost", `The server opened no further channel: ${cause.message}`, {
      hint: "Close some terminals of this server, then try again.",
      cause,
    });
  }
}

function channelError(cause: Error): AppError {
  if (/Not connected|No response from server/.test(cause.message)) return lost(cause);
  return new ChannelRefused(cause);
}

/** Cancelling a forwarding that was never asked for changes nothing, and every server answers it. */
function roundTrip(client: Client): Promise<number> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    try {
      client.unforwardIn("127.0.0.1", 1, () => resolve(performance.now() - start));
    } catch (error) {
      reject(lost(error));
    }
  });
}

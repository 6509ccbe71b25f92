import { once } from "node:events";
import net from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { createORPCClient, ORPCError } from "@orpc/client";
import { RPCLink } from "@orpc/client/websocket";
import type { ContractRouterClient } from "@orpc/contract";
import { WebSocket } from "ws";
import type { AgentName } from "../../contract/agents.ts";
import type { ConsoleApi, ConsoleOrder } from "../../contract/console-api.ts";
import { AppError, toWireError } from "../../contract/errors.ts";

export type ConsoleClient = ContractRouterClient<typeof ConsoleApi>;

/** One connection after another to the daemon, for as long as the console lives. */
export interface DaemonLink {
  /**
   * Repeated until the daemon answers, across restarts of the daemon and its database. Throws what it refuses, and an
   * internal error that repeats.
   */
  call<T>(ask: (client: ConsoleClient, signal: AbortSignal) => Promise<T>, options: CallOptions): Promise<T>;
  /** Null while the daemon is away. Each connection has its own object. */
  current(): ConsoleClient | null;
  /** Keeps connecting until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
}

export interface CallOptions {
  readonly signal: AbortSignal;
  /** For one attempt; without it an attempt lasts as long as the connection. */
  readonly timeoutMs?: number;
}

export interface DaemonLinkParts {
  readonly socketPath: string;
  readonly agent: AgentName;
  readonly onOrder: (order: ConsoleOrder) => void;
  readonly onChange: (state: "connected" | "away") => void;
}

const HANDSHAKE_MS = 5_000;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2_000;
const PING_MS = 10_000;
const INTERNAL_ERRORS = 5;
const RETRIED_CODES = new Set(["store.unavailable", "daemon.unreachable", "daemon.unhealthy", "app.timed_out"]);

export function createDaemonLink(parts: DaemonLinkParts): DaemonLink {
  let client: ConsoleClient | null = null;
  return {
    current: () => client,
    call: async (ask, options) => await callUntilAnswered(() => client, ask, options),
    async run(signal) {
      let waitMs = FIRST_WAIT_MS;
      while (!signal.aborted) {
        const socket = openSocket(parts.socketPath);
        try {
          await once(socket, "open", { signal });
          waitMs = FIRST_WAIT_MS;
          client = createORPCClient<ConsoleClient>(new RPCLink({ websocket: socket }));
          parts.onChange("connected");
          await followOrders(client, parts, signal);
        } catch {
          // Whatever ended the connection, the next attempt is the answer.
        } finally {
          socket.terminate();
          if (client) parts.onChange("away");
          client = null;
        }
        await pause(waitMs, undefined, { signal }).catch(() => undefined);
        waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
      }
    },
  };
}

function openSocket(socketPath: string): WebSocket {
  const socket = new WebSocket("ws://daemon/", {
    createConnection: () => net.connect(socketPath),
    perMessageDeflate: false,
    handshakeTimeout: HANDSHAKE_MS,
  });
  watchAlive(socket);
  return socket;
}

/** Ends a connection whose other side is stuck: a process that does not answer closes nothing by itself. */
function watchAlive(socket: WebSocket): void {
  let heard = true;
  const timer = setInterval(() => {
    if (socket.readyState !== WebSocket.OPEN) return;
    if (!heard) socket.terminate();
    heard = false;
    socket.ping();
  }, PING_MS);
  const alive = (): void => {
    heard = true;
  };
  socket.on("pong", alive).on("message", alive);
  socket.on("close", () => clearInterval(timer)).on("error", () => undefined);
}

async function followOrders(client: ConsoleClient, parts: DaemonLinkParts, signal: AbortSignal): Promise<void> {
  const orders = await client.orders({ agent: parts.agent, pid: process.pid }, { signal });
  for await (const order of orders) parts.onOrder(order);
}

async function callUntilAnswered<T>(
  current: () => ConsoleClient | null,
  ask: (client: ConsoleClient, signal: AbortSignal) => Promise<T>,
  { signal, timeoutMs }: CallOptions,
): Promise<T> {
  let internalErrors = 0;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    const client = current();
    if (client) {
      const attempt = timeoutMs === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      try {
        return await ask(client, attempt);
      } catch (error) {
        signal.throwIfAborted();
        if (isInternal(error)) internalErrors += 1;
        if (isRefusal(error) || internalErrors >= INTERNAL_ERRORS) throw AppError.fromWire(toWireError(error));
      }
    }
    await pause(client ? waitMs : FIRST_WAIT_MS, undefined, { signal });
  }
}

/** A mistake in the daemon, which may have been passing. */
function isInternal(error: unknown): boolean {
  if (!(error instanceof ORPCError)) return false;
  return error.code === "INTERNAL_SERVER_ERROR" || toWireError(error).code === "app.internal";
}

/** The daemon answered, and asking again would get the same answer. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof ORPCError)) return false;
  return !isInternal(error) && !RETRIED_CODES.has(toWireError(error).code);
}

import { Redis, type RedisOptions } from "ioredis";
import type { DaemonConfig } from "../../contract/daemon-config.ts";
import type { DaemonEvent } from "../../contract/events.ts";
import type { Log } from "../platform/log.ts";
import { pause } from "../platform/wait.ts";

export type LiveEvent = Extract<DaemonEvent, { type: "delta" | "agent_changed" | "spend_changed" }>;
type Listener = (event: LiveEvent) => void;

/** Live events over a capped Redis stream. With Redis away they are dropped; nothing waits for it. */
export interface LiveBus {
  publish(event: LiveEvent): void;
  subscribe(listener: Listener): () => void;
  /** Called when events go through again after they were dropped. */
  onReconnected(listener: () => void): void;
  /** The version of the server; throws when it does not answer. */
  version(): Promise<string>;
  close(): void;
}

export interface LiveBusOptions {
  readonly redis: DaemonConfig["redis"];
  readonly password: string | null;
  readonly log: Log;
}

const STREAM = "ai-infrastructure:live";
const KEPT_EVENTS = 1_000;
const BLOCK_MS = 5_000;
const COMMAND_TIMEOUT_MS = 2_000;

export function openLiveBus(options: LiveBusOptions): LiveBus {
  const { log } = options;
  const listeners = new Set<Listener>();
  const reconnected: (() => void)[] = [];
  const closing = new AbortController();
  const writer = connect(options, { commandTimeout: COMMAND_TIMEOUT_MS });
  const reader = connect(options, {});
  let wasLost = false;
  writer.on("close", () => {
    if (!wasLost && !closing.signal.aborted) log.warn("Redis is away: the live view pauses, work goes on");
    wasLost = true;
  });

  void readForEver(reader, closing.signal, {
    ready() {
      if (wasLost) for (const listener of reconnected) listener();
      wasLost = false;
    },
    event(event) {
      for (const listener of listeners) listener(event);
    },
  });
  return {
    publish(event) {
      if (writer.status !== "ready") return;
      writer.xadd(STREAM, "MAXLEN", "~", KEPT_EVENTS, "*", "event", JSON.stringify(event)).catch((error: unknown) => {
        log.debug("a live event was dropped", { error });
      });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onReconnected: (listener) => reconnected.push(listener),
    async version() {
      const info = await writer.info("server");
      return /redis_version:(\S+)/.exec(info)?.[1] ?? "unknown version";
    },
    close() {
      closing.abort();
      writer.disconnect();
      reader.disconnect();
    },
  };
}

interface Reading {
  readonly ready: () => void;
  readonly event: Listener;
}

/** One blocking reader for the whole process; after a lost connection it goes on from the end of the stream. */
async function readForEver(reader: Redis, signal: AbortSignal, reading: Reading): Promise<void> {
  while (!signal.aborted) {
    try {
      let last = await lastId(reader);
      reading.ready();
      while (!signal.aborted) {
        const streams = await reader.xread("COUNT", 500, "BLOCK", BLOCK_MS, "STREAMS", STREAM, last);
        for (const [, entries] of streams ?? []) {
          for (const [id, fields] of entries) {
            last = id;
            reading.event(JSON.parse(fields[1] ?? "null") as LiveEvent);
          }
        }
      }
    } catch {
      // Redis is away, which the writer has told; the connections come back by themselves.
      await pause(200, signal);
    }
  }
}

async function lastId(reader: Redis): Promise<string> {
  const [newest] = await reader.xrevrange(STREAM, "+", "-", "COUNT", 1);
  return newest?.[0] ?? "0-0";
}

function connect({ redis, password, log }: LiveBusOptions, extra: RedisOptions): Redis {
  const address = redis.kind === "unix" ? { path: redis.path } : { host: redis.host, port: redis.port };
  const client = new Redis({
    ...address,
    ...(password ? { password } : {}),
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
    reconnectOnError: () => false,
    ...extra,
  });
  client.on("error", (error: Error) => log.debug("Redis", { error: error.message }));
  return client;
}

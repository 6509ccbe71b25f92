import type { DaemonEvent } from "../../contract/events.ts";
import { type Connection, connectApp, type DaemonClient, type TestDaemon } from "./daemon-process.ts";
import { until } from "./start-program.ts";

export interface Follower {
  readonly events: readonly DaemonEvent[];
  /** Numbers of the stored events, in the order they came. */
  numbers(): number[];
  /** Cuts the connection; the follower comes back and asks for what it missed. */
  cut(): void;
  stop(): void;
}

/** Follows a daemon as an app does: through every reconnect, from its last number on. */
export function followEvents(daemon: TestDaemon): Follower {
  const events: DaemonEvent[] = [];
  let after = 0;
  const stopped = new AbortController();
  let connection: Connection<DaemonClient> | null = null;
  const follow = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      try {
        connection = await until("the daemon answers", async () => await connectApp(daemon), 60_000);
        for await (const event of await connection.client.events.follow({ after })) {
          events.push(event);
          if ("seq" in event) after = event.seq;
        }
      } catch {
        // The connection is gone; the loop opens the next one.
      }
    }
  };
  void follow();
  return {
    events,
    numbers: () => events.flatMap((event) => ("seq" in event && event.type !== "caught_up" ? event.seq : [])),
    cut: () => connection?.close(),
    stop() {
      stopped.abort();
      connection?.close();
    },
  };
}

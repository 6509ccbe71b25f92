import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Log } from "../platform/log.ts";
import type { Store } from "../store/open-store.ts";

/** Who may speak with the daemon is decided by SSH; what an app says of itself is kept as it said it. */
const LONGEST_NAME = 200;

/** The part of a WebSocket that is needed to know how long it lasts. */
interface Closing {
  once(event: "close", listener: () => void): void;
}

export interface Logins {
  /** Puts the opening of an app's connection on record, and later its end. */
  opened(socket: Closing, headers: IncomingHttpHeaders): void;
  /** Resolves when everything that happened so far is on record. */
  settled(): Promise<void>;
}

export function createLogins(store: Store, log: Log): Logins {
  const open = new Set<Promise<void>>();
  const record = (detail: Readonly<Record<string, unknown>>): void => {
    const writing = store
      .change(async (_tx, _emit, audit) => {
        audit({ kind: "login", detail });
        await Promise.resolve();
      })
      .catch((error: unknown) => log.error("a login is not on record", { ...detail, error }))
      .finally(() => open.delete(writing));
    open.add(writing);
  };
  return {
    opened(socket, headers) {
      const connection = randomUUID();
      const app = headers["user-agent"]?.slice(0, LONGEST_NAME) ?? "unnamed";
      const since = Date.now();
      record({ state: "opened", connection, app });
      socket.once("close", () => {
        record({ state: "closed", connection, app, seconds: Math.round((Date.now() - since) / 1000) });
      });
    },
    async settled() {
      await Promise.all(open);
    },
  };
}

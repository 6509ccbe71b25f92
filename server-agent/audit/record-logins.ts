import { randomUUID } from "node:crypto";
import type { Log } from "../platform/log.ts";
import type { Store } from "../store/open-store.ts";

/** The part of a WebSocket that is needed to know how long it lasts. */
interface Closing {
  once(event: "close", listener: () => void): void;
}

export interface Logins {
  /** Puts the opening of an app's connection on record, and later its end. */
  opened(socket: Closing, app: string): void;
  /** Resolves when everything that happened so far is on record. */
  settled(): Promise<void>;
}

export function createLogins(store: Store, log: Log): Logins {
  const unsettled = new Set<Promise<void>>();
  const record = async (detail: Readonly<Record<string, unknown>>): Promise<void> => {
    try {
      await store.change(async (_tx, _emit, audit) => {
        audit({ kind: "login", detail });
        await Promise.resolve();
      });
    } catch (error) {
      log.error("a login is not on record", { ...detail, error });
    }
  };
  const settle = (work: Promise<void>): Promise<void> => {
    unsettled.add(work);
    return work.finally(() => unsettled.delete(work));
  };
  return {
    opened(socket, app) {
      const about = { connection: randomUUID(), app };
      const since = Date.now();
      const opened = settle(record({ state: "opened", ...about }));
      socket.once("close", () => {
        const seconds = Math.round((Date.now() - since) / 1000);
        void settle(opened.then(async () => await record({ state: "closed", ...about, seconds })));
      });
    },
    async settled() {
      await Promise.all(unsettled);
    },
  };
}

import type { Store } from "../store/open-store.ts";
import type { StoredEvent } from "../store/event-draft.ts";
import type { Log } from "../platform/log.ts";
import { pause } from "../platform/wait.ts";

type Listener = (event: StoredEvent) => void;

/** Tells everyone in this process about stored events, each once and in order, soon after their commit. */
export interface EventFeed {
  /** The number of the last event told. */
  readonly last: number;
  subscribe(listener: Listener): () => void;
  close(): void;
}

const BATCH = 500;
const RETRY_MS = 500;

export async function openEventFeed(store: Store, log: Log): Promise<EventFeed> {
  const ears = createEars(log, await readLastSeq(store));
  const closing = new AbortController();
  let wanted = false;
  let reading = false;

  const drain = async (): Promise<void> => {
    if (reading) return;
    reading = true;
    while (wanted && !closing.signal.aborted) {
      wanted = false;
      try {
        const events = await readEvents(store, { after: ears.last(), limit: BATCH, signal: closing.signal });
        ears.tell(events);
        wanted ||= events.length === BATCH;
      } catch (error) {
        wanted = true;
        log.warn("cannot read events", { error });
        await pause(RETRY_MS, closing.signal);
      }
    }
    reading = false;
  };

  store.onChanged((events) => {
    if (events?.length === 0) return;
    // Usually they are the next ones, and nothing needs to be read.
    if (!reading && events?.[0]?.seq === ears.last() + 1) return ears.tell(events);
    wanted = true;
    void drain();
  });
  return {
    get last() {
      return ears.last();
    },
    subscribe: ears.add,
    close: () => closing.abort(),
  };
}

interface Ears {
  /** The number of the last event told. */
  last(): number;
  tell(events: readonly StoredEvent[]): void;
  readonly add: EventFeed["subscribe"];
}

function createEars(log: Log, before: number): Ears {
  const listeners = new Set<Listener>();
  let last = before;
  /** Whoever cannot bear an event keeps it neither from others nor from the change that it tells about. */
  const hear = (listener: Listener, event: StoredEvent): void => {
    try {
      listener(event);
    } catch (error) {
      log.error("an event was not heard", { seq: event.seq, error });
    }
  };
  return {
    last: () => last,
    tell(events) {
      for (const event of events) {
        last = event.seq;
        for (const listener of listeners) hear(listener, event);
      }
    },
    add(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

interface EventRange {
  readonly after: number;
  readonly upTo?: number;
  readonly limit: number;
  readonly conversationId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export async function readEvents(store: Store, range: EventRange): Promise<StoredEvent[]> {
  const rows = await store.read(async (db) => {
    let query = db.selectFrom("events").select(["seq", "payload"]).where("seq", ">", range.after);
    if (range.upTo !== undefined) query = query.where("seq", "<=", range.upTo);
    if (range.conversationId) query = query.where("conversation_id", "=", range.conversationId);
    return await query.orderBy("seq").limit(range.limit).execute();
  }, range.signal);
  return rows.map(({ seq, payload }) => ({ ...payload, seq }) as StoredEvent);
}

async function readLastSeq(store: Store): Promise<number> {
  return await store.read(async (db) => {
    const { seq } = await db.selectFrom("event_counter").select("seq").executeTakeFirstOrThrow();
    return seq;
  });
}

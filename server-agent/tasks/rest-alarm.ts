import type { EventFeed } from "../events/event-feed.ts";
import type { Log } from "../platform/log.ts";
import type { Store } from "../store/open-store.ts";
import { moveTask } from "../store/task-changes.ts";

export interface RestAlarmParts {
  readonly store: Store;
  readonly feed: Pick<EventFeed, "subscribe">;
  readonly log: Pick<Log, "warn">;
}

/** Puts tasks back into the queue when their rest is over. */
export interface RestAlarm {
  close(): void;
}

/** Also when the clock of the machine is set, or an earlier look failed. */
const LOOK_AGAIN_MS = 60_000;

export function startRestAlarm({ store, feed, log }: RestAlarmParts): RestAlarm {
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const look = async (): Promise<void> => {
    clearTimeout(timer);
    const nextMs = await endRests(store, new Date()).catch((error: unknown) => {
      log.warn("cannot look after resting tasks", { error });
      return LOOK_AGAIN_MS;
    });
    clearTimeout(timer);
    if (nextMs !== null && !isClosed) timer = setTimeout(wake, Math.min(nextMs, LOOK_AGAIN_MS));
  };
  const wake = (): void => void look();
  const unsubscribe = feed.subscribe((event) => {
    if (event.type === "task_changed" && event.task.rest) wake();
  });
  wake();
  return {
    close() {
      isClosed = true;
      unsubscribe();
      clearTimeout(timer);
    },
  };
}

/** Ends every rest that is over; gives the time until the next one is, null when none has a time. */
export async function endRests(store: Store, now: Date): Promise<number | null> {
  return await store.change(async (tx, emit) => {
    const resting = tx
      .selectFrom("tasks")
      .where("rest_reason", "is not", null)
      .where("state", "=", "waiting")
      .where("rest_until", "is not", null)
      .orderBy("rest_until");
    const over = await resting.select("id").where("rest_until", "<=", now).forUpdate().execute();
    for (const { id } of over) await moveTask(tx, emit, { id, to: "queued" });
    const next = await resting.select("rest_until").where("rest_until", ">", now).limit(1).executeTakeFirst();
    return next?.rest_until ? next.rest_until.getTime() - now.getTime() : null;
  });
}

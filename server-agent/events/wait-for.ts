import { AppError } from "../../contract/errors.ts";
import type { StoredEvent } from "../store/event-draft.ts";
import type { EventFeed } from "./event-feed.ts";

export interface Wait<T> {
  /** Events after which the answer may have come. */
  readonly matches: (event: StoredEvent) => boolean;
  /** Null as long as there is no answer. */
  readonly read: () => Promise<T | null>;
  readonly signal?: AbortSignal | undefined;
}

/** Reads now and after each matching event, until there is an answer. */
export async function waitFor<T>(feed: Pick<EventFeed, "subscribe">, wait: Wait<T>): Promise<T> {
  let changed = false;
  let wake: () => void = () => {};
  const notify = (): void => {
    changed = true;
    wake();
  };
  const unsubscribe = feed.subscribe((event) => {
    if (wait.matches(event)) notify();
  });
  wait.signal?.addEventListener("abort", notify);
  try {
    for (;;) {
      changed = false;
      const answer = await wait.read();
      if (answer !== null) return answer;
      if (wait.signal?.aborted) throw new AppError("app.cancelled", "Nobody waits for the answer any more");
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (changed) resolve();
      });
    }
  } finally {
    unsubscribe();
    wait.signal?.removeEventListener("abort", notify);
  }
}

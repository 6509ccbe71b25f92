import type { RunEvent } from "../../contract/provision.ts";
import type { NewRunEvent } from "../../provisioning/step-reports.ts";

/** The numbered events of one run, from 1 on, for any number of readers, early and late. */
export interface RunLog {
  readonly append: (event: NewRunEvent) => void;
  /** Events after number `after`, as they come; ends after `ended`. */
  follow(after: number, signal?: AbortSignal): AsyncGenerator<RunEvent, void, void>;
}

export function createRunLog(): RunLog {
  const events: RunEvent[] = [];
  let more = Promise.withResolvers<void>();
  return {
    append(event) {
      events.push({ ...event, seq: events.length + 1 });
      more.resolve();
      more = Promise.withResolvers();
    },
    async *follow(after, signal) {
      const aborted = untilAborted(signal);
      for (let next = after; ; next += 1) {
        while (next >= events.length) {
          await Promise.race([more.promise, aborted]);
          if (signal?.aborted) return;
        }
        const event = events[next];
        if (event === undefined) return;
        yield event;
        if (event.type === "ended") return;
      }
    },
  };
}

function untilAborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true }));
}

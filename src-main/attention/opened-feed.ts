import type { Attention } from "../../contract/attention.ts";

/** What people open from notifications, for every page that listens. */
export function createOpenedFeed() {
  const listeners = new Set<(opened: Attention) => void>();
  return {
    publish: (opened: Attention): void => listeners.forEach((listener) => listener(opened)),
    async *follow(signal: AbortSignal): AsyncGenerator<Attention, void, void> {
      const waiting: Attention[] = [];
      let wake = Promise.withResolvers<void>();
      const listener = (opened: Attention): void => {
        waiting.push(opened);
        wake.resolve();
      };
      signal.addEventListener("abort", () => wake.resolve(), { once: true });
      listeners.add(listener);
      try {
        while (!signal.aborted) {
          if (waiting.length === 0) await wake.promise;
          wake = Promise.withResolvers<void>();
          yield* waiting.splice(0);
        }
      } finally {
        listeners.delete(listener);
      }
    },
  };
}

/** Says that something changed to whoever watches; watchers that are slow see the latest only. */
export interface Latest<T> {
  changed(): void;
  /** The value now, and again after each change, until `signal` aborts. */
  watch(signal: AbortSignal | undefined): AsyncGenerator<T, void, void>;
}

export function createLatest<T>(read: () => T): Latest<T> {
  const watchers = new Set<() => void>();
  return {
    changed() {
      for (const wake of watchers) wake();
    },
    async *watch(signal) {
      let next = Promise.withResolvers<void>();
      const wake = () => next.resolve();
      watchers.add(wake);
      signal?.addEventListener("abort", wake);
      try {
        for (;;) {
          if (signal?.aborted) return;
          yield read();
          await next.promise;
          next = Promise.withResolvers();
        }
      } finally {
        watchers.delete(wake);
        signal?.removeEventListener("abort", wake);
      }
    },
  };
}

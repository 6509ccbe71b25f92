/** A value that readers see now and after each change, or a stream of things as they happen. */
export function createFeed<T>() {
  const readers = new Set<(item: T) => void>();
  return {
    publish(item: T): void {
      for (const read of readers) read(item);
    },
    /** `first`, then everything published from this call on, until the reader goes. */
    async *follow(first: readonly T[], signal: AbortSignal | undefined): AsyncGenerator<T> {
      const queue = [...first];
      const isOpen = () => signal?.aborted !== true;
      let wake = () => {};
      const read = (item: T) => {
        queue.push(item);
        wake();
      };
      readers.add(read);
      signal?.addEventListener("abort", () => wake());
      try {
        while (isOpen()) {
          const item = queue.shift();
          if (item !== undefined) yield item;
          else await new Promise<void>((resolve) => (wake = resolve));
        }
      } finally {
        readers.delete(read);
      }
    },
  };
}

/** Values pushed by one side and read in order by the other. Ending lets the reader drain what is left. */
export interface AsyncQueue<T> extends AsyncIterable<T> {
  push(value: T): void;
  /** With an error, the reader gets it after the last value. */
  end(error?: Error): void;
  clear(): void;
  readonly size: number;
}

export function createAsyncQueue<T>(): AsyncQueue<T> {
  let values: T[] = [];
  let ended: { readonly error: Error | undefined } | null = null;
  let wake: (() => void) | null = null;
  const notify = (): void => {
    wake?.();
    wake = null;
  };
  return {
    push(value) {
      if (ended) return;
      values.push(value);
      notify();
    },
    end(error) {
      ended ??= { error };
      notify();
    },
    clear() {
      values = [];
    },
    get size() {
      return values.length;
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const ready = values;
        values = [];
        yield* ready;
        if (values.length > 0) continue;
        if (ended?.error) throw ended.error;
        if (ended) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

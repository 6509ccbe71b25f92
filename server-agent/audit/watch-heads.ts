import type { AuditHead } from "../../contract/audit.ts";
import { pause } from "../platform/wait.ts";
import type { Store } from "../store/open-store.ts";
import { readHead } from "./read-audit.ts";

/** Work comes in bursts of records; a reader is told about a burst once. */
const GATHER_MS = 200;

export interface HeadWatch {
  /** The head now, and again soon after each change, until `signal` aborts. */
  follow(signal?: AbortSignal): AsyncGenerator<AuditHead, void, void>;
}

export function createHeadWatch(store: Store): HeadWatch {
  const readers = new Set<() => void>();
  store.onChanged(() => {
    for (const wake of readers) wake();
  });
  return {
    async *follow(signal) {
      let changed = Promise.withResolvers<void>();
      const wake = (): void => changed.resolve();
      readers.add(wake);
      signal?.addEventListener("abort", wake);
      try {
        for (let told = -1; ;) {
          if (signal?.aborted) return;
          const head = await readHead(store);
          if (head.seq !== told) yield head;
          told = head.seq;
          await changed.promise;
          await pause(GATHER_MS, signal);
          changed = Promise.withResolvers();
        }
      } finally {
        readers.delete(wake);
        signal?.removeEventListener("abort", wake);
      }
    },
  };
}

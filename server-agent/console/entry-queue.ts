import type { Entry } from "./conversation.ts";

/** Entries of a journal on their way to the daemon: one after the other, and none after one that failed. */
export interface EntryQueue {
  /** Throws when one of them has failed: nothing that comes after it is worth doing. */
  check(): void;
  /** Resolves when it is stored. */
  store(entry: Entry): Promise<void>;
  /** Does something once everything has been stored, and before anything that comes later is. */
  follow<T>(work: () => Promise<T>): Promise<T>;
  /** Waits for a call that it can be stored with, though not for long. */
  hold(entry: Entry): void;
  /** Does something with the entry that waits and stores it, or else after everything has been stored. */
  withHeld<T>(work: (held?: Entry) => Promise<T>): Promise<T>;
  /** Rejects when one of them was not stored. */
  empty(): Promise<void>;
}

/** Hooks may take their time before a call. */
const HELD_MS = 50;

export function createQueue(send: (entry: Entry) => Promise<void>): EntryQueue {
  let last: Promise<unknown> = Promise.resolve();
  let failure: { readonly error: unknown } | null = null;
  let held: { readonly entry: Entry; readonly timer: NodeJS.Timeout } | null = null;
  const add = async <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done;
    last.catch((error: unknown) => void (failure ??= { error }));
    return await done;
  };
  const take = (): Entry | null => {
    clearTimeout(held?.timer);
    const entry = held?.entry ?? null;
    held = null;
    return entry;
  };
  const release = (): void => {
    const entry = take();
    if (entry) void add(async () => await send(entry)).catch(() => undefined);
  };
  return {
    check() {
      if (failure) throw failure.error;
    },
    async store(entry) {
      release();
      await add(async () => await send(entry));
    },
    async follow(work) {
      release();
      return await add(work);
    },
    hold(entry) {
      release();
      held = { entry, timer: setTimeout(release, HELD_MS) };
    },
    async withHeld(work) {
      const entry = take();
      if (entry) return await add(async () => await work(entry));
      await last;
      return await work();
    },
    async empty() {
      release();
      await last;
    },
  };
}

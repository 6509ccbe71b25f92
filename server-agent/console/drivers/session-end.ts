/** How a session of another program ends: the first reason counts. */
export interface SessionEnd {
  readonly signal: AbortSignal;
  /** The journal stands where the turn's own loop takes over. */
  pause(): void;
  fail(error: unknown): void;
  throwIfFailed(): void;
}

export function createSessionEnd(): SessionEnd {
  const ended = new AbortController();
  let failure: { readonly error: unknown } | null = null;
  return {
    signal: ended.signal,
    pause: () => ended.abort(),
    fail(error) {
      if (!ended.signal.aborted) failure = { error };
      ended.abort();
    },
    throwIfFailed() {
      if (failure) throw failure.error;
    },
  };
}

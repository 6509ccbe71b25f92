/** Bytes that a connection has carried, as a socket counts them. */
export interface Traffic {
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

export interface SilenceParts {
  readonly traffic: Traffic;
  /** Sends something that every server answers at once. */
  readonly ask: () => void;
  /** Told since when the server has not answered; null as soon as it does. */
  readonly onChange: (since: Date | null) => void;
}

const LOOK_EVERY_MS = 500;
const ASK_AFTER_MS = 1_000;
const SILENT_AFTER_MS = 2_000;

/**
 * Notices that nothing comes back for what was sent, long before the connection is given up. Not everything that is
 * sent has an answer, so before it says so it asks something that has one. Returns what ends it.
 */
export function watchSilence({ traffic, ask, onChange }: SilenceParts): () => void {
  let { bytesRead, bytesWritten } = traffic;
  let sentAt: number | null = null;
  let hasAsked = false;
  let isTold = false;

  const settle = () => {
    ({ bytesRead, bytesWritten } = traffic);
    sentAt = null;
    hasAsked = false;
    if (isTold) onChange(null);
    isTold = false;
  };
  const look = () => {
    if (traffic.bytesRead !== bytesRead) return settle();
    if (traffic.bytesWritten === bytesWritten) return;
    sentAt ??= Date.now();
    const silentMs = Date.now() - sentAt;
    if (hasAsked && !isTold && silentMs >= SILENT_AFTER_MS) {
      isTold = true;
      onChange(new Date(sentAt));
    }
    if (!hasAsked && silentMs >= ASK_AFTER_MS) {
      hasAsked = true;
      ask();
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

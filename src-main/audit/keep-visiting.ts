import { setTimeout as sleep } from "node:timers/promises";
import { connectDaemon, type DaemonClient } from "../tunnel/daemon-client.ts";
import type { Links } from "../servers/link.ts";

const EVERY_MS = 3 * 60_000;
const AGAIN_MS = 20_000;
const ANSWER_MS = 15_000;

export interface VisitParts {
  readonly links: Links;
  readonly serverId: string;
  readonly isOnline: () => boolean;
  readonly visit: (api: DaemonClient["api"], signal: AbortSignal) => Promise<void>;
  /** One more visit, and then the end. */
  readonly leaving: AbortSignal;
  /** The end at once. */
  readonly gone: AbortSignal;
}

/** Visits a server's daemon as soon as it answers, every few minutes, and once more before leaving. Never rejects. */
export async function keepVisiting(parts: VisitParts): Promise<void> {
  const stop = AbortSignal.any([parts.leaving, parts.gone]);
  while (!stop.aborted) {
    // Asked at the last moment: a link that is waited for would be opened against the person's wish.
    if (parts.isOnline()) await stay(parts, stop).catch(ignore);
    await pause(AGAIN_MS, stop);
  }
}

async function stay({ links, serverId, visit, leaving, gone }: VisitParts, stop: AbortSignal): Promise<void> {
  // A signal of its own: what listens to it ends with this attempt.
  const daemon = await connectDaemon(links, serverId, AbortSignal.any([stop, AbortSignal.timeout(ANSWER_MS)]));
  try {
    while (!daemon.isClosed()) {
      const wasLeaving = leaving.aborted;
      await visit(daemon.api, AbortSignal.any([gone, AbortSignal.timeout(ANSWER_MS)]));
      if (wasLeaving || gone.aborted) return;
      await pause(EVERY_MS, stop);
    }
  } finally {
    daemon.close();
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(ignore);
}

/** A daemon that cannot be asked says nothing about its trail; it is asked again. What is wrong shows as its state. */
function ignore(): void {}

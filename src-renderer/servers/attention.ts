import { useEffect, useRef, type RefObject } from "react";
import { host } from "../api/clients.ts";
import { deadline, pause, retryDelay } from "../api/retry.ts";
import type { Attention } from "../../contract/attention.ts";

const SEEN_MS = 5_000;
const seen = new Map<string, Set<string>>();

/** Tells the host while an element that waits for the person is in sight, so that nothing else calls for it. */
export function useSeen<T extends HTMLElement>(serverId: string, id: string): RefObject<T | null> {
  const element = useRef<T>(null);
  useEffect(() => {
    if (!element.current) return;
    const observer = new IntersectionObserver((entries) => {
      const latest = entries.at(-1);
      if (latest) tell(serverId, id, latest.isIntersecting);
    });
    observer.observe(element.current);
    return () => {
      observer.disconnect();
      tell(serverId, id, false);
    };
  }, [serverId, id]);
  return element;
}

function tell(serverId: string, id: string, isSeen: boolean): void {
  const ids = seen.get(serverId) ?? new Set();
  seen.set(serverId, ids);
  if (isSeen === ids.has(id)) return;
  if (isSeen) ids.add(id);
  else ids.delete(id);
  // A host that cannot notify, or is away, has no use for it.
  host.attention.seen({ serverId, ids: [...ids] }, { signal: deadline(SEEN_MS) }).catch(() => undefined);
}

/** What the person opened from a notification, until the signal ends it. */
export async function followOpened(onOpened: (opened: Attention) => void, signal: AbortSignal): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      for await (const opened of await host.attention.opened(undefined, { signal })) {
        attempt = 0;
        onOpened(opened);
      }
    } catch {
      // The host is away; the loop asks again.
    }
    await pause(retryDelay(attempt), signal);
  }
}

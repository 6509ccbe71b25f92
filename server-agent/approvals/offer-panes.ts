import type { AgentName } from "../../contract/agents.ts";
import type { EventFeed } from "../events/event-feed.ts";
import type { Log } from "../platform/log.ts";
import type { Store } from "../store/open-store.ts";

export interface OfferParts {
  readonly store: Store;
  readonly feed: EventFeed;
  readonly log: Log;
  readonly openPanes: (agents: readonly AgentName[]) => Promise<void>;
}

/** While something is open: a pane may have ended just before the next question came. */
const LOOK_AGAIN_MS = 5_000;

/** Lets people answer in the window of whoever asks. */
export function offerPanes({ store, feed, log, openPanes }: OfferParts): { close(): void } {
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    const rows = await store.read(
      async (db) => await db.selectFrom("approvals").select("agent").distinct().where("state", "=", "open").execute(),
    );
    clearTimeout(timer);
    if (rows.length === 0) return;
    await openPanes(rows.map(({ agent }) => agent));
    timer = setTimeout(lookSoon, LOOK_AGAIN_MS);
  };
  const lookSoon = (): void => {
    running = running.then(look).catch((error: unknown) => log.warn("no pane for answers", { error }));
  };
  const unsubscribe = feed.subscribe((event) => {
    if (event.type === "approval_changed" && event.approval.state === "open") lookSoon();
  });
  lookSoon();
  return {
    close() {
      clearTimeout(timer);
      unsubscribe();
    },
  };
}

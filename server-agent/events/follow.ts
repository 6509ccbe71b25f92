import { AppError } from "../../contract/errors.ts";
import type { DaemonEvent } from "../../contract/events.ts";
import { createAsyncQueue } from "../platform/async-queue.ts";
import { conversationOf } from "../store/event-draft.ts";
import type { Store } from "../store/open-store.ts";
import type { LiveBus, LiveEvent } from "../bus/live-bus.ts";
import { readEvents, type EventFeed } from "./event-feed.ts";

export interface FollowParts {
  readonly store: Store;
  readonly feed: EventFeed;
  readonly bus: Pick<LiveBus, "subscribe">;
  /** What a new follower needs to draw the present: partial texts and the states of the agents. */
  readonly present: () => readonly LiveEvent[];
}

export interface FollowRequest {
  readonly after: number;
  readonly conversationId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

const BATCH = 500;
const MAX_BEHIND = 20_000;

/** Stored events after `after`, then the present, `caught_up`, and everything as it happens: no gap, no repetition. */
export async function* follow(parts: FollowParts, request: FollowRequest): AsyncGenerator<DaemonEvent> {
  const queue = createAsyncQueue<DaemonEvent>();
  const push = (event: DaemonEvent): void => {
    if (!concerns(event, request.conversationId) || isKnown(event, request.after)) return;
    queue.push(event);
    if (queue.size > MAX_BEHIND) queue.end(new AppError("connection.lost", "The reader is too far behind"));
  };
  const close = [parts.feed.subscribe(push)];
  const caughtUpTo = parts.feed.last;
  request.signal?.addEventListener("abort", () => queue.end());
  if (request.signal?.aborted) queue.end();
  try {
    yield* stored(parts.store, { ...request, upTo: caughtUpTo });
    close.push(parts.bus.subscribe(push));
    for (const event of parts.present()) if (concerns(event, request.conversationId)) yield event;
    yield { type: "caught_up", seq: Math.max(caughtUpTo, request.after) };
    yield* queue;
  } finally {
    for (const unsubscribe of close) unsubscribe();
  }
}

async function* stored(store: Store, range: FollowRequest & { readonly upTo: number }): AsyncGenerator<DaemonEvent> {
  let after = range.after;
  while (!range.signal?.aborted) {
    const events = await readEvents(store, { ...range, after, limit: BATCH });
    yield* events;
    const last = events.at(-1);
    if (!last || events.length < BATCH) return;
    after = last.seq;
  }
}

/** A reader may know a number from its own request before this process has told it. */
function isKnown(event: DaemonEvent, after: number): boolean {
  return "seq" in event && event.seq <= after;
}

function concerns(event: DaemonEvent, conversationId: string | undefined): boolean {
  if (!conversationId) return true;
  if (event.type === "agent_changed" || event.type === "spend_changed" || event.type === "caught_up") return true;
  return (event.type === "delta" ? event.conversationId : conversationOf(event)) === conversationId;
}

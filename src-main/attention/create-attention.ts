import { setTimeout as sleep } from "node:timers/promises";
import type { Attention } from "../../contract/attention.ts";
import { isTeamReachable, type ServerView } from "../../contract/servers.ts";
import type { Links } from "../servers/link.ts";
import { connectDaemon } from "../tunnel/daemon-client.ts";
import { followServer } from "./follow-server.ts";
import type { Notifier } from "./notifier.ts";
import { createOpenedFeed } from "./opened-feed.ts";
import { serverNotices } from "./server-notices.ts";

export interface AttentionParts {
  readonly links: Links;
  list(): readonly ServerView[];
  watch(signal: AbortSignal): AsyncIterable<readonly ServerView[]>;
  /** Missing in shells that cannot notify: then nothing is followed. */
  readonly notifier?: Notifier | undefined;
}

const AGAIN_MS = 5_000;
const CONNECT_MS = 15_000;

/** Notifies the person of what waits for them on any connected server. */
export function createAttention(parts: AttentionParts) {
  const { notifier } = parts;
  const closing = new AbortController();
  const seen = new Map<string, ReadonlySet<string>>();
  const openedFeed = createOpenedFeed();
  if (notifier) {
    const isSeen = (serverId: string, id: string): boolean => seen.get(serverId)?.has(id) ?? false;
    void followServers({ ...parts, notifier, isSeen, onOpen: openedFeed.publish, closing: closing.signal });
  }
  return {
    seen: (serverId: string, ids: readonly string[]): void => void seen.set(serverId, new Set(ids)),
    opened: (signal: AbortSignal = closing.signal): AsyncGenerator<Attention, void, void> =>
      openedFeed.follow(AbortSignal.any([signal, closing.signal])),
    close: (): void => closing.abort(),
  };
}

interface FollowParts extends AttentionParts {
  readonly notifier: Notifier;
  readonly isSeen: (serverId: string, id: string) => boolean;
  readonly onOpen: (opened: Attention) => void;
  readonly closing: AbortSignal;
}

/** Each server that has been online, until it is taken off the list. */
async function followServers(parts: FollowParts): Promise<void> {
  const following = new Map<string, AbortController>();
  for await (const list of parts.watch(parts.closing)) {
    const known = new Set(list.map(({ server }) => server.id));
    for (const [serverId, gone] of following) {
      if (known.has(serverId)) continue;
      gone.abort();
      following.delete(serverId);
    }
    for (const view of list) {
      if (following.has(view.server.id) || !isTeamReachable(view)) continue;
      const gone = new AbortController();
      following.set(view.server.id, gone);
      void keepFollowing(parts, view.server.id, AbortSignal.any([gone.signal, parts.closing]));
    }
  }
}

/** Over as many connections as it takes. Never rejects. */
async function keepFollowing(parts: FollowParts, serverId: string, gone: AbortSignal): Promise<void> {
  const view = (): ServerView | undefined => parts.list().find(({ server }) => server.id === serverId);
  const notices = serverNotices({
    serverId,
    nameOf: () => view()?.server.name ?? serverId,
    notifier: parts.notifier,
    isSeen: (id) => parts.isSeen(serverId, id),
    onOpen: parts.onOpen,
  });
  while (!gone.aborted) {
    const now = view();
    // Asked at the last moment: a link that is waited for would be opened against the person's wish.
    if (now && isTeamReachable(now)) await followOnce({ ...parts, serverId, notices }, gone).catch(ignore);
    await sleep(AGAIN_MS, undefined, { signal: gone, ref: false }).catch(ignore);
  }
  notices.withdrawAll();
}

interface OnceParts extends Pick<FollowParts, "links"> {
  readonly serverId: string;
  readonly notices: Parameters<typeof followServer>[1];
}

async function followOnce({ links, serverId, notices }: OnceParts, gone: AbortSignal): Promise<void> {
  const daemon = await connectDaemon(links, serverId, AbortSignal.any([gone, AbortSignal.timeout(CONNECT_MS)]));
  try {
    await followServer(daemon.api, notices, gone);
  } finally {
    daemon.close();
  }
}

/** What is wrong with a connection shows as the server's state. */
function ignore(): void {}

import { setTimeout as sleep } from "node:timers/promises";
import { isTeamReachable, type ServerView } from "../../contract/servers.ts";
import { keepVisiting, type VisitParts } from "./keep-visiting.ts";
import type { Links } from "../servers/link.ts";

/** A last visit on the way out may not keep the person waiting. */
const LEAVE_WITHIN_MS = 2000;

export interface ServerWatchParts {
  readonly links: Links;
  list(): readonly ServerView[];
  watch(signal: AbortSignal): AsyncIterable<readonly ServerView[]>;
  /** Called once for each server, before its first visit. */
  greet(serverId: string): Promise<void>;
  visit(serverId: string, ...visit: Parameters<VisitParts["visit"]>): Promise<void>;
}

export interface ServerWatch {
  /** Visits what is online a last time. */
  close(): Promise<void>;
}

interface Stay {
  readonly gone: AbortController;
  readonly ended: Promise<void>;
}

/** Visits each server that has a team for as long as it is online. */
export function watchServers(parts: ServerWatchParts): ServerWatch {
  const leaving = new AbortController();
  const stays = new Map<string, Stay>();
  const greeted = new Map<string, Promise<void>>();

  const begin = (serverId: string): void => {
    const gone = new AbortController();
    const stay = async () => {
      await greet(serverId);
      await visitWhileOnline(parts, serverId, { leaving: leaving.signal, gone: gone.signal });
    };
    stays.set(serverId, { gone, ended: stay() });
  };
  const greet = (serverId: string): Promise<void> => {
    const greeting = greeted.get(serverId) ?? parts.greet(serverId);
    greeted.set(serverId, greeting);
    return greeting;
  };
  const look = (list: readonly ServerView[]): void => {
    for (const { server } of list) void greet(server.id);
    const reachable = new Set(list.filter(isTeamReachable).map(({ server }) => server.id));
    for (const [serverId, { gone }] of stays) {
      if (reachable.has(serverId)) continue;
      gone.abort();
      stays.delete(serverId);
    }
    for (const serverId of reachable) if (!stays.has(serverId)) begin(serverId);
  };
  const watching = (async () => {
    for await (const list of parts.watch(leaving.signal)) look(list);
  })();

  return {
    async close() {
      leaving.abort();
      await watching;
      const open = [...stays.values()];
      const inTime = new AbortController();
      const late = sleep(LEAVE_WITHIN_MS, undefined, { signal: inTime.signal }).catch(() => {});
      await Promise.race([Promise.all(open.map(({ ended }) => ended)), late]);
      inTime.abort();
      for (const { gone } of open) gone.abort();
    },
  };
}

async function visitWhileOnline(
  parts: ServerWatchParts,
  serverId: string,
  signals: Pick<VisitParts, "leaving" | "gone">,
): Promise<void> {
  await keepVisiting({
    links: parts.links,
    serverId,
    isOnline: () => parts.list().some((view) => view.server.id === serverId && isTeamReachable(view)),
    visit: (api, signal) => parts.visit(serverId, api, signal),
    ...signals,
  });
}

import { createBrokerClient } from "./agents/broker-client.ts";
import type { OwnedCopiesInput } from "../contract/broker.ts";
import { BROKER_SOCKET, type DaemonConfig } from "../contract/daemon-config.ts";
import type { EventFeed } from "./events/event-feed.ts";
import type { Log } from "./platform/log.ts";
import { NO_OWNED_COPIES, openOwnedCopies } from "./snapshots/owned-copies.ts";
import { openSnapshots, type Snapshots } from "./snapshots/open-snapshots.ts";
import type { Store } from "./store/open-store.ts";
import type { Consoles } from "./turns/consoles.ts";

interface TeamSnapshotParts {
  readonly config: DaemonConfig;
  readonly log: Log;
  readonly store: Store;
  readonly feed: EventFeed;
  readonly consoles: Consoles;
}

/** Where snapshots, the consoles that take them and the broker meet. */
export async function openTeamSnapshots(parts: TeamSnapshotParts): Promise<Snapshots> {
  const { config, consoles, log } = parts;
  const broker = createBrokerClient(null, config.mode === "server" ? BROKER_SOCKET : null);
  const ask = async (input: OwnedCopiesInput, signal: AbortSignal): Promise<string> =>
    await broker.ask({ tool: "owned_copies", input }, { signal, onOutput: () => undefined });
  return await openSnapshots({
    ...parts,
    owned: config.mode === "server" ? openOwnedCopies({ log, ask }) : NO_OWNED_COPIES,
    isConnected: (agent) => consoles.isConnected(agent),
    order: (agent, restore) => consoles.send(agent, { type: "restore", restore }),
    async restoreAsRoot(id, signal = new AbortController().signal) {
      const input = { request: { action: "restore" as const, id } };
      await broker.ask({ tool: "snapshots", input }, { signal, onOutput: () => undefined });
    },
  });
}

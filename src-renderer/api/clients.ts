import { createORPCClient, type ClientContext, type ClientLink } from "@orpc/client";
import { RPCLink } from "@orpc/client/message-port";
import type { ContractRouterClient } from "@orpc/contract";
import { channelPath } from "../../contract/channel.ts";
import type { DaemonApi } from "../../contract/daemon-api.ts";
import type { HostApi } from "../../contract/host-api.ts";
import { openChannel } from "./open-channel.ts";

export type HostClient = ContractRouterClient<typeof HostApi>;
export type DaemonClient = ContractRouterClient<typeof DaemonApi>;

/** The host, over one channel that opens with the first call and again after it was closed. */
export const host: HostClient = createORPCClient(reopeningLink(channelPath({ kind: "host" })));

const daemons = new Map<string, DaemonClient>();

/** The daemon of a server, over one channel of its own. */
export function daemonClient(serverId: string): DaemonClient {
  const known = daemons.get(serverId);
  if (known) return known;
  const client: DaemonClient = createORPCClient(reopeningLink(channelPath({ kind: "daemon", serverId })));
  daemons.set(serverId, client);
  return client;
}

/** A call on a closed channel opens a fresh one; calls that were under way fail, as they must. */
function reopeningLink(path: string): ClientLink<ClientContext> {
  let current: RPCLink<ClientContext> | undefined;
  function connect(): RPCLink<ClientContext> {
    const port = openChannel(path);
    const link = new RPCLink({ port });
    port.onDisconnect.addListener(() => {
      if (current === link) current = undefined;
    });
    return link;
  }
  return {
    call(path, input, options) {
      current ??= connect();
      return current.call(path, input, options);
    },
  };
}

import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/websocket";
import type { ContractRouterClient } from "@orpc/contract";
import { WebSocket } from "ws";
import type { DaemonApi } from "../../contract/daemon-api.ts";
import type { Links } from "../servers/link.ts";
import { openDaemonSocket } from "./daemon-socket.ts";

export interface DaemonClient {
  readonly api: ContractRouterClient<typeof DaemonApi>;
  /** Whether the connection has ended, by itself or by `close`. */
  isClosed(): boolean;
  close(): void;
}

/** The daemon's API for shells that live in the host's process. Calls fail when the connection breaks. */
export async function connectDaemon(links: Links, serverId: string, signal: AbortSignal): Promise<DaemonClient> {
  const socket = await openDaemonSocket(links, serverId, signal);
  socket.binaryType = "arraybuffer";
  return {
    api: createORPCClient(new RPCLink({ websocket: socket })),
    isClosed: () => socket.readyState !== WebSocket.OPEN,
    close: () => socket.terminate(),
  };
}

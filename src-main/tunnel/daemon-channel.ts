import { WebSocket } from "ws";
import type { Channel, Frame } from "../../contract/channel.ts";
import { toWireError } from "../../contract/errors.ts";
import type { Links } from "../servers/link.ts";
import { openDaemonSocket } from "./daemon-socket.ts";

interface DaemonChannelParts {
  readonly links: Links;
  readonly serverId: string;
  readonly report: (message: string) => void;
}

/** Joins a page's channel and the daemon's WebSocket; frames pass unopened. Either end closing closes the other. */
export function serveDaemonChannel(channel: Channel, { links, serverId, report }: DaemonChannelParts): void {
  const closed = new AbortController();
  const early: Frame[] = [];
  let socket: WebSocket | null = null;
  channel.onClose(() => {
    closed.abort();
    socket?.terminate();
  });
  channel.onFrame((frame) => {
    if (!socket) early.push(frame);
    else if (socket.readyState === WebSocket.OPEN) socket.send(frame);
  });
  const join = async (): Promise<void> => {
    const opened = await openDaemonSocket(links, serverId, closed.signal);
    if (closed.signal.aborted) return opened.terminate();
    opened.on("message", (data: Buffer<ArrayBuffer>, isBinary: boolean) => {
      channel.send(isBinary ? data : data.toString("utf8"));
    });
    opened.on("close", () => channel.close());
    for (const frame of early.splice(0)) opened.send(frame);
    socket = opened;
  };
  join().catch((error: unknown) => {
    if (!closed.signal.aborted) report(`Daemon of ${serverId}: ${toWireError(error).message}`);
    channel.close();
  });
}

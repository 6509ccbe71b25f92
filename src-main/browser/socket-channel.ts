import { WebSocket } from "ws";
import type { Channel } from "../../contract/channel.ts";

const PING_INTERVAL_MS = 30_000;

/** A page's WebSocket as a channel. */
export function socketChannel(socket: WebSocket): Channel {
  // Stays: an error without a listener would end the process. A close follows each error.
  socket.on("error", () => {});
  const timer = setInterval(() => socket.ping(), PING_INTERVAL_MS);
  socket.on("close", () => clearInterval(timer));
  return {
    send(frame) {
      if (socket.readyState === WebSocket.OPEN) socket.send(frame);
    },
    onFrame(listener) {
      socket.on("message", (data: Buffer<ArrayBuffer>, isBinary: boolean) => {
        listener(isBinary ? data : data.toString("utf8"));
      });
    },
    onClose(listener) {
      if (socket.readyState === WebSocket.CLOSED) listener();
      else socket.once("close", listener);
    },
    close: () => socket.close(),
  };
}

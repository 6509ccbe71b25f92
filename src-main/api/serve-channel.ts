import type { RPCHandler } from "@orpc/server/message-port";
import type { Channel, Frame } from "../../contract/channel.ts";

/** Answers the calls that come through a channel. */
export function serveChannel(handler: RPCHandler<object>, channel: Channel): void {
  handler.upgrade({
    postMessage: (frame: Frame) => channel.send(frame),
    onMessage: { addListener: (listener: (frame: Frame) => void) => channel.onFrame(listener) },
    onDisconnect: { addListener: (listener: () => void) => channel.onClose(listener) },
  });
}

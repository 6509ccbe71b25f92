import type { MessagePortMain } from "electron";
import type { Channel, Frame } from "../../contract/channel.ts";

/** One end of a page's port as a `Channel`. Frames wait in the port until somebody listens. */
export function portChannel(port: MessagePortMain): Channel {
  const closeListeners: (() => void)[] = [];
  let isOpen = true;

  const end = () => {
    if (!isOpen) return;
    isOpen = false;
    for (const listener of closeListeners) listener();
  };
  const close = () => {
    port.close();
    end();
  };
  port.on("close", end);

  return {
    send(frame) {
      if (isOpen) port.postMessage(typeof frame === "string" ? frame : withoutNeighbours(frame));
    },
    onFrame(listener) {
      port.on("message", (event) => {
        const frame = toFrame(event.data);
        if (frame === null) close();
        else if (isOpen) listener(frame);
      });
      port.start();
    },
    onClose(listener) {
      if (isOpen) closeListeners.push(listener);
      else listener();
    },
    close,
  };
}

/** Null for anything a well-behaved page never sends. */
function toFrame(data: unknown): Frame | null {
  if (typeof data === "string") return data;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (data instanceof Uint8Array) return new Uint8Array(data);
  return null;
}

/** Cloning a view clones the whole buffer under it, which for Node's pooled buffers holds the bytes of others. */
function withoutNeighbours(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}

/** What travels through a channel: RPC frames and notices as text, terminal bytes as binary. */
export type PortFrame = string | ArrayBuffer | Uint8Array<ArrayBuffer>;

/** One channel to the host, the same in every shell. Frames sent before it is open wait. */
export interface PagePort {
  postMessage(frame: PortFrame): void;
  readonly onMessage: { addListener(listener: (frame: PortFrame) => void): void };
  /** Called once; at once when the channel has already closed. */
  readonly onDisconnect: { addListener(listener: () => void): void };
  close(): void;
}

interface PortEnds {
  send(frame: PortFrame): void;
  close(): void;
}

/** A port and the two functions with which its shell feeds it. */
export function createPagePort(ends: PortEnds) {
  const messageListeners: ((frame: PortFrame) => void)[] = [];
  const closeListeners: (() => void)[] = [];
  let closed = false;

  function disconnect(): void {
    if (closed) return;
    closed = true;
    for (const listener of closeListeners) listener();
  }

  const port: PagePort = {
    postMessage(frame) {
      if (closed) throw new Error("The channel to the host is closed");
      ends.send(frame);
    },
    onMessage: { addListener: (listener) => messageListeners.push(listener) },
    onDisconnect: { addListener: (listener) => (closed ? listener() : closeListeners.push(listener)) },
    close() {
      ends.close();
      disconnect();
    },
  };
  return {
    port,
    deliver: (frame: PortFrame) => {
      if (!closed) for (const listener of messageListeners) listener(frame);
    },
    disconnect,
  };
}

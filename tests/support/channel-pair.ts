import type { Channel, Frame } from "../../contract/channel.ts";

/** A channel as the host gets it, and the page's end of it. */
export interface ChannelPair {
  readonly channel: Channel;
  readonly received: Frame[];
  readonly closed: Promise<void>;
  send(frame: Frame): void;
  onFrame(listener: (frame: Frame) => void): void;
  close(): void;
}

export function channelPair(): ChannelPair {
  const received: Frame[] = [];
  const closed = Promise.withResolvers<void>();
  const toHost: ((frame: Frame) => void)[] = [];
  const toPage: ((frame: Frame) => void)[] = [];
  let isClosed = false;
  const closers: (() => void)[] = [() => closed.resolve()];
  const close = () => {
    if (isClosed) return;
    isClosed = true;
    for (const closer of closers) closer();
  };
  return {
    received,
    closed: closed.promise,
    send: (frame) => toHost.forEach((listener) => listener(frame)),
    onFrame: (listener) => toPage.push(listener),
    close,
    channel: {
      send(frame) {
        received.push(frame);
        for (const listener of toPage) listener(frame);
      },
      onFrame: (listener) => void toHost.push(listener),
      onClose: (listener) => void closers.push(listener),
      close,
    },
  };
}

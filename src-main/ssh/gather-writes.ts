import type { Writable } from "node:stream";

/**
 * Sends what one turn of the event loop writes as one segment. ssh2 writes a packet in three pieces; on a socket without
 * Nagle's algorithm each of them would cross the network, and wake the server, by itself.
 */
export function gatherWrites(socket: Writable): void {
  const write = socket.write.bind(socket);
  let isGathering = false;
  const gather = (): void => {
    if (isGathering) return;
    isGathering = true;
    socket.cork();
    process.nextTick(() => {
      isGathering = false;
      socket.uncork();
    });
  };
  socket.write = ((...parameters: Parameters<typeof write>) => {
    gather();
    return write(...parameters);
  }) as typeof socket.write;
}

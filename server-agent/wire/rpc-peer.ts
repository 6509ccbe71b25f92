import type { WebSocket } from "ws";

const HIGH_WATER_BYTES = 1024 * 1024;
const LOOK_MS = 5;

/** A WebSocket whose `send` waits while the peer reads slowly, so that streams stop instead of filling memory. */
export function patientPeer(socket: WebSocket): Pick<WebSocket, "addEventListener" | "send"> {
  const send = async (frame: string | Uint8Array): Promise<void> => {
    while (socket.bufferedAmount > HIGH_WATER_BYTES && socket.readyState === socket.OPEN) {
      await new Promise((resolve) => {
        setTimeout(resolve, LOOK_MS);
      });
    }
    if (socket.readyState === socket.OPEN) socket.send(frame);
  };
  return { addEventListener: socket.addEventListener.bind(socket), send: send as (frame: unknown) => unknown };
}

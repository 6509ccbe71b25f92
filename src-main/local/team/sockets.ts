import net from "node:net";

const ANSWER_WITHIN_MS = 1000;

/** Whether somebody listens on this Unix socket. */
export function isListening(socket: string): Promise<boolean> {
  return exchange(socket, null);
}

/** Whether Redis answers there and has loaded its data. */
export function isRedisReady(socket: string): Promise<boolean> {
  return exchange(socket, { request: "PING\r\n", answer: "+PONG" });
}

function exchange(
  socket: string,
  talk: { readonly request: string; readonly answer: string } | null,
): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = net.connect(socket);
    const end = (isGood: boolean) => {
      connection.destroy();
      resolve(isGood);
    };
    connection.setTimeout(ANSWER_WITHIN_MS, () => end(false));
    connection.once("error", () => end(false));
    connection.once("close", () => end(false));
    connection.once("connect", () => (talk === null ? end(true) : connection.write(talk.request)));
    connection.once("data", (data) => end(talk !== null && data.toString().startsWith(talk.answer)));
  });
}

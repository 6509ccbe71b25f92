import { connect } from "node:net";

/** More than a packet and its answer need between two machines of one network, however busy. */
const SILENCE_MS = 1500;

export interface Door {
  readonly host: string;
  readonly port: number;
  /** The address to come from. */
  readonly from?: string | undefined;
}

/** What a TCP port says to somebody who knocks: it opens, it refuses, or nothing comes. */
export function knock({ host, port, from }: Door): Promise<"open" | "refused" | "silent"> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, ...(from !== undefined && { localAddress: from }) });
    const end = (answer: "open" | "refused" | "silent") => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(SILENCE_MS, () => end("silent"));
    socket.once("connect", () => end("open"));
    socket.once("error", () => end("refused"));
  });
}

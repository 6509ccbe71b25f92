import { hostname } from "node:os";
import type { Duplex } from "node:stream";
import { WebSocket } from "ws";
import { AppError } from "../../contract/errors.ts";
import type { Links } from "../servers/link.ts";
import { version } from "../version.ts";

const HANDSHAKE_TIMEOUT_MS = 10_000;
const MAX_FRAME_BYTES = 16 * 1024 * 1024;

/** A WebSocket to the daemon's API of a server, through its link. Open when it returns. */
export async function openDaemonSocket(links: Links, serverId: string, signal: AbortSignal): Promise<WebSocket> {
  const link = await links.whenOnline(serverId, signal);
  const pipe = await link.openSocket(link.daemonSocket);
  const socket = new WebSocket("ws://daemon/", {
    createConnection: () => asNetSocket(pipe) as never,
    perMessageDeflate: false,
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    maxPayload: MAX_FRAME_BYTES,
    headers: { "user-agent": whoWeAre() },
  });
  try {
    await opened(socket, signal);
    return socket;
  } catch (cause) {
    socket.terminate();
    pipe.destroy();
    throw new AppError("daemon.unreachable", "The daemon on the server does not answer", {
      hint: "It may be starting. If it stays so, look at `systemctl status ai-infrastructure` on the server.",
      cause,
    });
  }
}

/** For the server's audit trail: this program, the person's account and computer, as far as they are plain text. */
function whoWeAre(): string {
  const person = process.env["USER"] ?? "somebody";
  return `ai-infrastructure/${version} (${person}@${hostname()})`.replaceAll(/[^\x20-\x7e]/g, "?");
}

function opened(socket: WebSocket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("cancelled")), { once: true });
    socket.once("open", resolve);
    // Stays: an error without a listener would end the process. A close follows each error.
    socket.on("error", reject);
    socket.once("close", () => reject(new Error("closed")));
  });
}

/** `ws` calls these methods of a network socket, which a pipe through SSH has no use for. */
function asNetSocket(pipe: Duplex): Duplex {
  const nothing = () => pipe;
  return Object.assign(pipe, {
    setNoDelay: nothing,
    setTimeout: nothing,
    setKeepAlive: nothing,
    ref: nothing,
    unref: nothing,
  });
}

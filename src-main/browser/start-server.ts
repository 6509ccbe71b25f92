import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { securityHeaders } from "../assets/security-headers.ts";
import type { Host } from "../app.ts";
import { answer, servePage } from "./serve-page.ts";
import { createSessions, type Sessions } from "./sessions.ts";
import { socketChannel } from "./socket-channel.ts";

const LOOPBACK = "127.0.0.1";
const PROTOCOL = "rpc.v1";
const CHANNEL_PATH = "/channel/";
const MAX_FRAME_BYTES = 8 * 1024 * 1024;

export interface BrowserServerParts {
  readonly host: Pick<Host, "openChannel">;
  /** The folder of the built page. */
  readonly pageFolder: string;
  /** Tried first; when it is taken, any free one. 0: any free one. */
  readonly port: number;
  /** Who shows it is told the address. */
  readonly secret: string;
  /** The address was used; it does not work again, but this one does. */
  readonly onNextAddress: (address: string) => void;
  readonly log: (line: string) => void;
}

export interface BrowserServer {
  /** Works once: its fragment is a one-time token, which never reaches a log or another site. */
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Serves the page and its channels to browsers on this computer, and to nobody else. */
export async function startBrowserServer(parts: BrowserServerParts): Promise<BrowserServer> {
  const sessions = createSessions();
  const http = createServer({ requestTimeout: 30_000 });
  await listen(http, parts.port);
  const { port } = http.address() as AddressInfo;
  const address = () => `http://${LOOPBACK}:${port}/#t=${sessions.token()}`;
  const page = {
    root: parts.pageFolder,
    sessions,
    headers: securityHeaders([`ws://${LOOPBACK}:${port}`]),
    secret: parts.secret,
    address,
    onSession: () => parts.onNextAddress(address()),
  };
  http.on("request", (request, response) => {
    const refusal = refuse(request, port);
    if (refusal) return answer(response, refusal.status, refusal.text);
    servePage(request, response, page).catch((error: unknown) => {
      parts.log(`page: ${String(error)}`);
      response.destroy();
    });
  });
  const sockets = serveChannels(http, { sessions, port, host: parts.host });
  return { address: address(), port, close: () => closeAll(http, sockets) };
}

async function listen(http: Server, port: number): Promise<void> {
  http.listen(port, LOOPBACK);
  try {
    await once(http, "listening");
  } catch (error) {
    if (port === 0 || (error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    await listen(http, 0);
  }
}

/** Another site's page may reach this port too; its requests name that site. */
function refuse({ headers }: IncomingMessage, port: number): { status: number; text: string } | null {
  if (headers.host !== `${LOOPBACK}:${port}`) return { status: 421, text: "This is not that host" };
  if (headers.origin !== undefined && headers.origin !== `http://${LOOPBACK}:${port}`) {
    return { status: 403, text: "Other sites may not ask here" };
  }
  return null;
}

interface ChannelServerParts {
  readonly sessions: Sessions;
  readonly port: number;
  readonly host: Pick<Host, "openChannel">;
}

function serveChannels(http: Server, { sessions, port, host }: ChannelServerParts): WebSocketServer {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
  });
  http.on("upgrade", (request, socket, head) => {
    const refusal = refuse(request, port);
    const { pathname } = new URL(request.url ?? "/", "http://page");
    const isAllowed = request.headers.origin !== undefined && pathname.startsWith(CHANNEL_PATH);
    if (refusal || !isAllowed || !isSignedIn(request, sessions)) {
      const status = refusal?.status ?? (isAllowed ? 401 : 403);
      socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      host.openChannel(pathname.slice(CHANNEL_PATH.length), socketChannel(opened));
    });
  });
  return sockets;
}

/** Browsers cannot add headers to a WebSocket, but protocols: `rpc.v1, s.<session>`. */
function isSignedIn({ headers }: IncomingMessage, sessions: Sessions): boolean {
  const offered = (headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  return offered.some((name) => name.startsWith("s.") && sessions.isOpen(name.slice(2)));
}

async function closeAll(http: Server, sockets: WebSocketServer): Promise<void> {
  for (const socket of sockets.clients) socket.terminate();
  http.close();
  http.closeAllConnections();
  await once(http, "close");
}

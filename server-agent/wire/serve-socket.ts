import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { promisify } from "node:util";
import { type WebSocket, WebSocketServer } from "ws";
import { listenOnSocket } from "./claim-socket.ts";

export interface SocketService {
  readonly path: string;
  readonly mode: number;
  /** Takes over an opened WebSocket. When the service is closed, the `close` event of each has come. */
  readonly onConnection: (socket: WebSocket, request: IncomingMessage) => void;
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void;
}

const MAX_PAYLOAD = 32 * 1024 * 1024;
const PING_MS = 15_000;

/** One HTTP server on a Unix socket, with WebSockets on any path. */
export async function serveSocket(service: SocketService): Promise<{ close(): Promise<void> }> {
  // A snapshot may take longer to arrive than the five minutes that a request usually has.
  const server = createServer({ requestTimeout: 0 }, service.onRequest);
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAX_PAYLOAD });
  server.on("upgrade", (request, stream, head) => {
    sockets.handleUpgrade(request, stream, head, (socket) => {
      socket.on("error", () => socket.terminate());
      sockets.emit("connection", socket, request);
      service.onConnection(socket, request);
    });
  });
  await listenOnSocket(server, service.path, service.mode);
  const stopPinging = dropDeadPeers(sockets);
  return {
    async close() {
      stopPinging();
      for (const socket of sockets.clients) socket.terminate();
      await Promise.all([closeServer(server), promisify(sockets.close.bind(sockets))()]);
    },
  };
}

/** A peer that did not answer the last ping is gone. */
function dropDeadPeers(sockets: WebSocketServer): () => void {
  const answered = new WeakSet<WebSocket>();
  sockets.on("connection", (socket: WebSocket) => {
    answered.add(socket);
    socket.on("pong", () => answered.add(socket));
  });
  const timer = setInterval(() => {
    for (const socket of sockets.clients) {
      if (!answered.delete(socket)) socket.terminate();
      else socket.ping();
    }
  }, PING_MS);
  return () => clearInterval(timer);
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
}

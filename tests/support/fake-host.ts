import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { RPCHandler } from "@orpc/server/ws";
import { WebSocketServer, type WebSocket } from "ws";
import { parseChannelPath } from "../../contract/channel.ts";
import { serveAsset } from "../../src-main/assets/serve-asset.ts";
import { daemonRouter, hostRouter } from "./fake-host-routers.ts";
import { createWorld, type Scene } from "./fake-host-world.ts";

const PAGE = path.resolve(import.meta.dirname, "../../out/renderer");
const CSP =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self' ws:";

/**
 * A host without servers behind it, for the states of the page that a real one reaches seldom. It speaks the protocol
 * of the browser shell; what it answers is the scene, which the test moves on through `world`.
 */
export async function startFakeHost(scene: Scene) {
  const world = createWorld(scene);
  const token = randomBytes(16).toString("hex");
  const session = randomBytes(16).toString("hex");
  const sockets = new Map<string, Set<WebSocket>>();

  const server = createServer((request, response) => {
    response.setHeader("content-security-policy", CSP);
    if (request.url === "/session") {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ session }));
      return;
    }
    void serveAsset(PAGE, new URL(request.url ?? "/", "http://page").pathname).then((asset) => {
      response.writeHead(asset.status, asset.headers);
      return response.end(asset.body);
    });
  });
  const wire = new WebSocketServer({ server, handleProtocols: () => "rpc.v1" });
  const hostHandler = new RPCHandler(hostRouter(world));
  const daemonHandler = new RPCHandler(daemonRouter(world));
  wire.on("connection", (socket, request) => {
    const target = parseChannelPath((request.url ?? "").replace("/channel/", ""));
    const kind = target?.kind ?? "none";
    sockets.set(kind, (sockets.get(kind) ?? new Set()).add(socket));
    socket.on("close", () => sockets.get(kind)?.delete(socket));
    if (kind === "host") void hostHandler.upgrade(socket);
    else if (kind === "daemon" && !world.state.daemonAway) void daemonHandler.upgrade(socket);
    else if (kind === "terminal") serveTerminal(socket);
    else socket.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    world,
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/#t=${token}`,
    /** Cuts every open channel of a kind. */
    cut(kind: "host" | "daemon" | "terminal"): void {
      for (const socket of sockets.get(kind) ?? []) socket.terminate();
    },
    async close(): Promise<void> {
      for (const socket of wire.clients) socket.terminate();
      // The browser may hold connections open on which it asks nothing.
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type FakeHost = Awaited<ReturnType<typeof startFakeHost>>;

const GREETING = [
  "\x1b[90mai-infrastructure:1 code\x1b[0m",
  "",
  "\x1b[36mtask 7f3a\x1b[0m Add GET /healthz with a test",
  "\x1b[32m✓\x1b[0m read   server/app.ts            \x1b[90m0.01 s\x1b[0m",
  "\x1b[32m✓\x1b[0m write  server/health.ts         \x1b[90m0.02 s\x1b[0m",
  "\x1b[33m!\x1b[0m 1 failing: expects 503 when the database is away",
  "\x1b[36m…\x1b[0m edit   server/health.test.ts",
  "",
  "\x1b[36m❯\x1b[0m ",
].join("\r\n");

/** Echoes what is typed, after a screen like an agent's. */
function serveTerminal(socket: WebSocket): void {
  socket.once("message", () => {
    socket.send(JSON.stringify({ type: "attached" }));
    socket.send(Buffer.from(GREETING));
  });
  socket.on("message", (data, isBinary) => isBinary && socket.send(data));
}

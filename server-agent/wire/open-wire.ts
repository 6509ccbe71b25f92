import type { AnyRouter } from "@orpc/server";
import { RPCHandler } from "@orpc/server/ws";
import { mkdir } from "node:fs/promises";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import type { WebSocket } from "ws";
import { AgentName } from "../../contract/agents.ts";
import { API_SOCKET, type DaemonConfig } from "../../contract/daemon-config.ts";
import { SNAPSHOT_PATH } from "../../contract/keeping.ts";
import type { Log } from "../platform/log.ts";
import { prepareAgentFolder } from "./agent-folder.ts";
import type { MessagesGateway } from "./messages-gateway.ts";
import { carryErrors } from "./rpc-errors.ts";
import { patientPeer } from "./rpc-peer.ts";
import { serveSocket } from "./serve-socket.ts";

export interface WireParts {
  readonly config: DaemonConfig;
  readonly log: Log;
  /** Answers people's apps on `api.sock`. */
  readonly daemonRouter: AnyRouter;
  /** Answers the agents' consoles; its context says whose socket it is. */
  readonly consoleRouter: AnyRouter;
  readonly gateway: MessagesGateway;
  /** Takes and gives what agents keep, below `SNAPSHOT_PATH`. */
  readonly serveCopy: (request: IncomingMessage, response: ServerResponse, agent: AgentName) => void;
  /** Told of every app that connects. */
  readonly onApp: (socket: WebSocket, name: string) => void;
}

export interface Wire {
  close(): Promise<void>;
}

/** Opens `api.sock` and one socket per agent. */
export async function openWire(parts: WireParts): Promise<Wire> {
  const { config, log } = parts;
  await mkdir(config.runDir, { recursive: true, mode: 0o755 });
  const clientInterceptors = [carryErrors(log)];
  const daemon = new RPCHandler(parts.daemonRouter, { clientInterceptors });
  const consoles = new RPCHandler(parts.consoleRouter, { clientInterceptors });
  const api = await serveSocket({
    path: path.join(config.runDir, API_SOCKET),
    mode: 0o660,
    onConnection(socket, { headers }) {
      const app = nameOf(headers);
      parts.onApp(socket, app);
      void daemon.upgrade(patientPeer(socket), { context: { app } });
    },
    onRequest: refuse,
  });
  const opened: Wire[] = [api];
  for (const agent of AgentName.options) {
    const service = await serveSocket({
      path: await prepareAgentFolder(config, agent),
      mode: 0o660,
      onConnection: (socket) => void consoles.upgrade(patientPeer(socket), { context: { agent } }),
      onRequest(request, response) {
        if (isMessagesRequest(request)) void parts.gateway.handle(request, response, { agent });
        else if (request.url?.startsWith(SNAPSHOT_PATH)) parts.serveCopy(request, response, agent);
        else refuse(request, response);
      },
    });
    opened.push(service);
  }
  return {
    async close() {
      await Promise.all(opened.map(async (service) => await service.close()));
    },
  };
}

const LONGEST_NAME = 200;

/** What an app says of itself, kept as it said it: who may speak with the daemon is decided by SSH. */
function nameOf(headers: IncomingHttpHeaders): string {
  return headers["user-agent"]?.slice(0, LONGEST_NAME) ?? "unnamed";
}

function isMessagesRequest({ method, url = "/" }: IncomingMessage): boolean {
  return method === "POST" && new URL(url, "http://daemon").pathname === "/v1/messages";
}

function refuse(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(404, { "content-type": "text/plain" }).end("Not found\n");
}

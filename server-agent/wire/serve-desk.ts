import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { RootRecord, type TicketAnswer, TicketRequest } from "../../contract/broker-desk.ts";
import type { Log } from "../platform/log.ts";
import { listenOnSocket } from "./claim-socket.ts";

export interface DeskParts {
  /** Its folder belongs to the daemon's user, so whoever can open it is that user or root. */
  readonly path: string;
  readonly log: Log;
  readonly takeTicket: (request: TicketRequest) => Promise<TicketAnswer>;
  readonly record: (record: RootRecord) => Promise<void>;
}

/** Answers the broker: what was allowed, and what it did. */
export async function serveDesk(parts: DeskParts): Promise<{ close(): void }> {
  const server = createServer((request, response) => {
    answer(parts, request, response).catch((error: unknown) => {
      parts.log.warn("the broker's question failed", { error });
      response.writeHead(500).end();
    });
  });
  await listenOnSocket(server, parts.path, 0o600);
  return {
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function answer(parts: DeskParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body: unknown = JSON.parse(await text(request));
  const result =
    request.url === "/ticket" ? await parts.takeTicket(TicketRequest.parse(body)) : await note(parts, body);
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(result));
}

async function note(parts: DeskParts, body: unknown): Promise<Record<string, never>> {
  await parts.record(RootRecord.parse(body));
  return {};
}

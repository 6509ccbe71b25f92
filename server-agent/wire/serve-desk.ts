import { createServer, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { type DeskAnswer, DeskQuestion, type RootRecord, type TicketRequest } from "../../contract/broker-desk.ts";
import type { Log } from "../platform/log.ts";
import { listenOnSocket } from "./claim-socket.ts";

export interface DeskParts {
  /** Its folder belongs to the daemon's user, so whoever can open it is that user or root. */
  readonly path: string;
  readonly log: Log;
  readonly takeTicket: (request: TicketRequest) => Promise<DeskAnswer>;
  readonly record: (record: RootRecord) => Promise<void>;
}

/** Answers the broker: what was allowed, and what it did. */
export async function serveDesk(parts: DeskParts): Promise<{ close(): void }> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket)).on("error", () => socket.destroy());
    void reply(parts, socket);
  });
  await listenOnSocket(server, parts.path, 0o600);
  return {
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

async function reply(parts: DeskParts, socket: Socket): Promise<void> {
  const answer = await answerTo(parts, socket).catch((error: unknown): DeskAnswer => {
    parts.log.warn("the broker's question failed", { error });
    return { answer: "failed" };
  });
  socket.end(JSON.stringify(answer));
}

async function answerTo(parts: DeskParts, socket: Socket): Promise<DeskAnswer> {
  const question = DeskQuestion.parse(JSON.parse(await text(socket)));
  if (question.ask === "ticket") return await parts.takeTicket(question);
  await parts.record(question);
  return { answer: "recorded" };
}

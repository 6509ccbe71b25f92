import { setTimeout as sleep } from "node:timers/promises";
import type { Channel } from "../../contract/channel.ts";
import { toWireError } from "../../contract/errors.ts";
import { type TerminalNotice, TerminalRequest } from "../../contract/terminal.ts";
import type { Links, TerminalEnd, TerminalSize, TerminalStream } from "../servers/link.ts";
import { createCredit } from "./credit.ts";

const REATTACH_PAUSE_MS = 200;

interface TerminalChannelParts {
  readonly links: Links;
  readonly serverId: string;
  readonly window: string;
}

/** Shows one window of a server's team on a page's channel, and attaches again whenever the connection was lost. */
export function serveTerminalChannel(channel: Channel, parts: TerminalChannelParts): void {
  const closed = new AbortController();
  const credit = createCredit();
  const sized = Promise.withResolvers<void>();
  let size: TerminalSize = { columns: 80, rows: 24 };
  let stream: TerminalStream | null = null;

  channel.onClose(() => {
    closed.abort();
    stream?.close();
  });
  channel.onFrame((frame) => {
    if (typeof frame !== "string") return stream?.write(frame);
    const request = parseRequest(frame);
    if (request?.type === "ack") credit.give(request.bytes);
    if (request?.type !== "resize") return;
    size = { columns: request.columns, rows: request.rows };
    stream?.resize(size);
    sized.resolve();
  });

  const attach = async (): Promise<TerminalEnd> => {
    const link = await parts.links.whenOnline(parts.serverId, closed.signal);
    const opened = await link.openTerminal(parts.window, size);
    if (closed.signal.aborted) opened.close();
    stream = opened;
    opened.resize(size);
    notify(channel, { type: "attached" });
    credit.limit(opened);
    opened.onData((bytes) => {
      channel.send(bytes);
      credit.take(bytes.length);
    });
    return new Promise((resolve) => opened.onEnd(resolve));
  };
  const keepAttached = async (): Promise<void> => {
    await sized.promise;
    while (!closed.signal.aborted) {
      const end = await attach().catch(lostOrThrow);
      stream = null;
      if (end.kind === "exited") return notify(channel, { type: "ended", reason: describeEnd(end) });
      notify(channel, { type: "detached", reason: "The connection to the server was lost" });
      await sleep(REATTACH_PAUSE_MS);
    }
  };
  keepAttached().catch((error: unknown) => {
    if (!closed.signal.aborted) notify(channel, { type: "ended", reason: toWireError(error).message });
  });
}

function notify(channel: Channel, notice: TerminalNotice): void {
  channel.send(JSON.stringify(notice));
}

function parseRequest(frame: string): TerminalRequest | null {
  try {
    return TerminalRequest.parse(JSON.parse(frame));
  } catch {
    return null;
  }
}

function lostOrThrow(error: unknown): TerminalEnd {
  if (toWireError(error).code === "connection.lost") return { kind: "lost" };
  throw error;
}

function describeEnd({ exitCode, message }: Extract<TerminalEnd, { kind: "exited" }>): string {
  if (message) return message;
  return exitCode ? `The window cannot be shown (exit code ${exitCode})` : "The window was closed";
}

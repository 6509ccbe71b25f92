import { setTimeout as sleep } from "node:timers/promises";
import type { Channel } from "../../contract/channel.ts";
import { toWireError } from "../../contract/errors.ts";
import { HIGH_WATER_BYTES, type TerminalNotice, TerminalRequest } from "../../contract/terminal.ts";
import type { Links, TerminalEnd, TerminalSize, TerminalStream } from "../servers/link.ts";
import { createCredit } from "./credit.ts";
import { createReattach } from "./reattach.ts";

/** Ctrl-C, Ctrl-Z and Ctrl-\: whoever presses one wants to see that it worked, not what was printed before. */
const INTERRUPTS: readonly number[] = [0x03, 0x1a, 0x1c];

interface TerminalChannelParts {
  readonly links: Links;
  readonly serverId: string;
  readonly window: string;
}

/** `overtaken`: what it had still to show is old, and a new view shows what is. */
type ViewEnd = TerminalEnd | { readonly kind: "overtaken" };

interface View {
  readonly stream: TerminalStream;
  readonly end: Promise<ViewEnd>;
  /** Shows no more of it. */
  overtake(): void;
}

/**
 * Shows one window of a server's team on a page's channel, and attaches again whenever the connection was lost or the
 * team's windows are started anew. Where much output waits when a program is interrupted, a new view takes the place of
 * it.
 */
export function serveTerminalChannel(channel: Channel, parts: TerminalChannelParts): void {
  const closed = new AbortController();
  const credit = createCredit();
  const sized = Promise.withResolvers<void>();
  let size: TerminalSize = { columns: 80, rows: 24 };
  let view: View | null = null;
  const reattach = createReattach();

  channel.onClose(() => {
    closed.abort();
    view?.stream.close();
  });
  channel.onFrame((frame) => {
    if (typeof frame !== "string") return press(frame, view);
    const request = parseRequest(frame);
    if (request?.type === "ack") credit.give(request.bytes);
    if (request?.type !== "resize") return;
    size = { columns: request.columns, rows: request.rows };
    view?.stream.resize(size);
    sized.resolve();
  });

  const attach = async (): Promise<ViewEnd> => {
    const link = await parts.links.whenOnline(parts.serverId, closed.signal);
    const opened = await link.openTerminal(parts.window, size);
    if (closed.signal.aborted) opened.close();
    // One that was overtaken took the keys until now.
    view?.stream.close();
    opened.resize(size);
    notify(channel, { type: "attached" });
    reattach.began();
    credit.limit(opened);
    view = show(opened, (bytes) => {
      channel.send(bytes);
      credit.take(bytes.length);
    });
    return await view.end;
  };
  const keepAttached = async (): Promise<void> => {
    await sized.promise;
    while (!closed.signal.aborted) {
      const end = await attach().catch(lostOrThrow);
      if (end.kind === "overtaken") continue;
      view = null;
      const { notice, pauseMs } = reattach.after(end);
      notify(channel, notice);
      if (pauseMs === null) return;
      await sleep(pauseMs);
    }
  };
  keepAttached().catch((error: unknown) => closed.signal.aborted || notify(channel, endedBy(error)));
}

function show(stream: TerminalStream, onData: (bytes: Uint8Array<ArrayBuffer>) => void): View {
  const end = Promise.withResolvers<ViewEnd>();
  let isOvertaken = false;
  stream.onEnd(end.resolve);
  stream.onData((bytes) => isOvertaken || onData(bytes));
  return {
    stream,
    end: end.promise,
    overtake() {
      isOvertaken = true;
      end.resolve({ kind: "overtaken" });
    },
  };
}

function press(keys: Uint8Array, view: View | null): void {
  view?.stream.write(keys);
  if (view && isInterrupt(keys) && view.stream.waiting() > HIGH_WATER_BYTES) view.overtake();
}

function isInterrupt(keys: Uint8Array): boolean {
  return keys.length === 1 && INTERRUPTS.includes(keys[0] ?? 0);
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

function endedBy(error: unknown): TerminalNotice {
  return { type: "ended", reason: toWireError(error).message };
}

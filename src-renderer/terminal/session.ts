import { channelPath } from "../../contract/channel.ts";
import { TerminalNotice, type TerminalRequest } from "../../contract/terminal.ts";
import { openChannel } from "../api/open-channel.ts";
import type { PagePort, PortFrame } from "../api/page-port.ts";
import { retryDelay } from "../api/retry.ts";

export type TerminalState =
  | { readonly state: "connecting" }
  | { readonly state: "attached" }
  | { readonly state: "detached"; readonly reason: string }
  | { readonly state: "ended"; readonly reason: string };

interface TerminalScreen {
  /** Calls back when the bytes are on the screen. */
  write(bytes: Uint8Array, done: () => void): void;
  reset(): void;
}

interface SessionParts {
  readonly serverId: string;
  readonly window: string;
  readonly screen: TerminalScreen;
  readonly onState: (state: TerminalState) => void;
}

const encoder = new TextEncoder();

/** One attachment to an agent's window. A channel that closes is opened again until `close`. */
export function openTerminalSession({ serverId, window, screen, onState }: SessionParts) {
  const path = channelPath({ kind: "terminal", serverId, window });
  let port: PagePort | undefined;
  let size = { columns: 80, rows: 24 };
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  function follow(state: TerminalState): void {
    if (state.state === "attached") attempt = 0;
    if (state.state === "ended") closed = true;
    onState(state);
  }
  function connect(): void {
    const opened = openChannel(path);
    port = opened;
    opened.onMessage.addListener((frame) => receive({ frame, screen, port: opened, follow }));
    opened.onDisconnect.addListener(() => {
      if (closed || port !== opened) return;
      port = undefined;
      onState({ state: "detached", reason: "The connection was lost" });
      timer = setTimeout(connect, retryDelay(attempt));
      attempt += 1;
    });
    request(opened, { type: "resize", ...size });
  }

  onState({ state: "connecting" });
  return {
    /** Opens the channel on the first call: a terminal starts with the size it is drawn in. */
    resize(columns: number, rows: number): void {
      if (closed) return;
      const same = size.columns === columns && size.rows === rows;
      size = { columns, rows };
      if (!port && timer === undefined) connect();
      else if (!same) request(port, { type: "resize", ...size });
    },
    type: (text: string) => post(port, encoder.encode(text)),
    typeBytes: (bytes: Uint8Array<ArrayBuffer>) => post(port, bytes),
    close(): void {
      closed = true;
      clearTimeout(timer);
      port?.close();
    },
  };
}

interface Received {
  readonly frame: PortFrame;
  readonly screen: TerminalScreen;
  readonly port: PagePort;
  readonly follow: (state: TerminalState) => void;
}

function receive({ frame, screen, port, follow }: Received): void {
  if (typeof frame !== "string") {
    const bytes = frame instanceof Uint8Array ? frame : new Uint8Array(frame);
    screen.write(bytes, () => request(port, { type: "ack", bytes: bytes.byteLength }));
    return;
  }
  const notice = TerminalNotice.parse(JSON.parse(frame));
  if (notice.type === "attached") {
    screen.reset();
    follow({ state: "attached" });
    return;
  }
  follow({ state: notice.type, reason: notice.reason });
}

function request(port: PagePort | undefined, message: TerminalRequest): void {
  post(port, JSON.stringify(message));
}

function post(port: PagePort | undefined, frame: PortFrame): void {
  try {
    port?.postMessage(frame);
  } catch {
    // The channel has closed; the next one starts with the size.
  }
}

export type TerminalSession = ReturnType<typeof openTerminalSession>;

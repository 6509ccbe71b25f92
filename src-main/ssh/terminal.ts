import { randomUUID } from "node:crypto";
import type { ClientChannel } from "ssh2";
import type { TerminalEnd, TerminalSize, TerminalStream } from "../servers/link.ts";
import { quote } from "./quote.ts";
import type { SshSession } from "./session.ts";

const ATTACH = ["sudo", "-n", "-u", "ai-infra", "/opt/ai-infrastructure/bin/attach-window"];

interface View {
  readonly window: string;
  readonly size: TerminalSize;
  /** The channel is gone, whoever closed it. Called once. */
  readonly onClosed: () => void;
}

/** A view of its own size on one window of the team's tmux session. */
export async function openTerminal(session: SshSession, { window, size, onClosed }: View): Promise<TerminalStream> {
  const viewId = randomUUID().slice(0, 8);
  const line = `exec ${quote([...ATTACH, window, viewId])}`;
  const pty = { term: "xterm-256color", cols: size.columns, rows: size.rows, width: 0, height: 0, modes: {} };
  const end = Promise.withResolvers<TerminalEnd>();
  const channel = await session.exec(line, (opened) => void watchEnd(opened).then(end.resolve), pty);
  void session.closed.then(() => end.resolve({ kind: "lost" }));
  const isGone = new Promise<void>((resolve) => channel.once("close", () => resolve()));
  void Promise.race([isGone, session.closed]).then(onClosed);
  return createStream(channel, end.promise);
}

function createStream(channel: ClientChannel, end: Promise<TerminalEnd>): TerminalStream {
  let isClosed = false;
  return {
    write: (bytes) => void (channel.writable && channel.write(bytes)),
    resize: ({ columns, rows }) => channel.setWindow(rows, columns, 0, 0),
    pause: () => channel.pause(),
    resume: () => channel.resume(),
    waiting: () => channel.readableLength,
    onData(listener) {
      channel.on("data", (bytes: Buffer<ArrayBuffer>) => listener(bytes));
    },
    onEnd(listener) {
      void end.then((how) => isClosed || listener(how));
    },
    close() {
      isClosed = true;
      channel.close();
    },
  };
}

async function watchEnd(channel: ClientChannel): Promise<TerminalEnd> {
  let exitCode: number | null | undefined;
  let message = "";
  channel.stderr.on("data", (bytes: Buffer) => (message = (message + bytes.toString()).slice(-500)));
  channel.on("exit", (code: number | null) => (exitCode = code));
  channel.on("error", () => {});
  return new Promise((resolve) => {
    channel.on("close", () =>
      resolve(exitCode === undefined ? { kind: "lost" } : { kind: "exited", exitCode, message: message.trim() }),
    );
  });
}

import { channelPath, type Channel, type Frame } from "../../../contract/channel.ts";
import { WindowName } from "../../../contract/agents.ts";
import { AppError } from "../../../contract/errors.ts";
import type { Server } from "../../../contract/servers.ts";
import { TerminalNotice, type TerminalRequest } from "../../../contract/terminal.ts";
import { connect } from "../connect.ts";
import { OK, type Context, type Outcome } from "../context.ts";

/** Ctrl-] leaves the window; it goes on on the server. */
const LEAVE = 0x1d;

/** Puts this terminal onto an agent's window, until it is left. */
export async function attach(context: Context, server: Server): Promise<Outcome> {
  const window = WindowName.safeParse(context.words[0]);
  if (!window.success) throw new AppError("app.bad_input", `Name a window: ${WindowName.options.join(", ")}`);
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) throw new AppError("terminal.unavailable", "A window needs a terminal to show it");
  await connect(context, server.id);
  context.screen.note(`Ctrl-] leaves the window of ${window.data}; it goes on working.`);

  const ended = Promise.withResolvers<string>();
  const ends = channelEnds(stdout, (notice) => {
    if (notice.type === "ended") ended.resolve(notice.reason);
    if (notice.type === "detached") stdout.write(`\r\n[${notice.reason}; attaching again]\r\n`);
  });
  const size = () => ends.tell({ type: "resize", columns: stdout.columns, rows: stdout.rows });
  const type = (bytes: Buffer<ArrayBuffer>) => {
    const end = bytes.indexOf(LEAVE);
    ends.type(end < 0 ? bytes : bytes.subarray(0, end));
    if (end >= 0) ended.resolve("left");
  };
  context.host.openChannel(channelPath({ kind: "terminal", serverId: server.id, window: window.data }), ends.channel);
  stdin.setRawMode(true);
  stdin.on("data", type);
  stdout.on("resize", size);
  size();
  const reason = await ended.promise;
  ends.close();
  stdin.setRawMode(false);
  stdin.off("data", type);
  stdin.pause();
  context.screen.note(`\r\n[${reason}]`);
  return { result: { ok: true, reason }, exitCode: OK };
}

/** A channel whose page is this terminal. */
function channelEnds(stdout: NodeJS.WriteStream, onNotice: (notice: TerminalNotice) => void) {
  let toHost: (frame: Frame) => void = () => {};
  let onClose: () => void = () => {};
  const tell = (request: TerminalRequest) => toHost(JSON.stringify(request));
  const channel: Channel = {
    send(frame) {
      if (typeof frame === "string") onNotice(TerminalNotice.parse(JSON.parse(frame)));
      else stdout.write(frame, () => tell({ type: "ack", bytes: frame.length }));
    },
    onFrame: (listener) => (toHost = listener),
    onClose: (listener) => (onClose = listener),
    close: () => onClose(),
  };
  return { channel, tell, type: (bytes: Uint8Array<ArrayBuffer>) => toHost(bytes), close: () => onClose() };
}

import { ipcMain, type IpcMainEvent } from "electron";
import { parseChannelPath, type Channel } from "../../contract/channel.ts";
import { isOurs } from "./origin.ts";
import { portChannel } from "./port-channel.ts";

export interface ChannelOpener {
  openChannel(path: string, channel: Channel): void;
}

/** The only use of `ipcMain`: takes a port from our own page and gives it to the host. Anything else is closed. */
export function serveChannels(host: ChannelOpener): void {
  ipcMain.on("open-channel", (event, path: unknown) => {
    const [port] = event.ports;
    if (port && event.ports.length === 1 && isFromOurPage(event) && isChannelPath(path)) {
      host.openChannel(path, portChannel(port));
      return;
    }
    for (const refused of event.ports) refused.close();
  });
}

function isFromOurPage(event: IpcMainEvent): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && isOurs(frame.url);
}

function isChannelPath(path: unknown): path is string {
  return typeof path === "string" && path.length <= 512 && parseChannelPath(path) !== null;
}

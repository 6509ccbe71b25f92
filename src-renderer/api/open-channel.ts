import { openBrowserChannel } from "./browser-channel.ts";
import { inElectron, openElectronChannel } from "./electron-channel.ts";
import type { PagePort } from "./page-port.ts";

/** Opens a channel to the host by a path of `channelPath`, through whatever shell shows this page. */
export function openChannel(path: string): PagePort {
  return inElectron() ? openElectronChannel(path) : openBrowserChannel(path);
}

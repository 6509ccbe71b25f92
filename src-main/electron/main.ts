import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { app, dialog, type BrowserWindow } from "electron";
import { registerAppScheme } from "./app-protocol.ts";
import { startShell, type Host } from "./shell.ts";
import { bringToFront } from "./main-window.ts";

const CLOSE_DEADLINE_MS = 5000;
const home = process.env["AI_INFRA_HOME"] ?? path.join(homedir(), ".local/share/ai-infrastructure");

let mainWindow: BrowserWindow | undefined;

app.enableSandbox();
registerAppScheme();
mkdirSync(path.join(home, "electron"), { recursive: true, mode: 0o700 });
// One instance per data folder, and nothing of ours outside it.
app.setPath("userData", path.join(home, "electron"));

if (app.requestSingleInstanceLock()) {
  // Not awaited: Electron gets ready only after this module has been evaluated.
  app.whenReady().then(start).catch(giveUp);
} else {
  app.quit();
}

async function start(): Promise<void> {
  const host: Host = { openChannel: (_path, channel) => channel.close(), close: () => Promise.resolve() };
  closeOnQuit(host);
  const openWindow = startShell({ home, host, bundleFolder: import.meta.dirname });
  const showWindow = () => {
    if (mainWindow && !mainWindow.isDestroyed()) bringToFront(mainWindow);
    else mainWindow = openWindow();
  };
  app.on("second-instance", showWindow);
  app.on("activate", showWindow);
  showWindow();
}

function closeOnQuit(host: Pick<Host, "close">): void {
  app.on("window-all-closed", () => {
    if (process.platform !== "darwin") app.quit();
  });
  app.once("will-quit", (event) => {
    event.preventDefault();
    const deadline = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_DEADLINE_MS));
    void Promise.race([host.close(), deadline])
      .catch((error: unknown) => console.error(error))
      .finally(() => app.exit(0));
  });
}

function giveUp(error: unknown): void {
  dialog.showErrorBox("AI Infrastructure cannot start", error instanceof Error ? error.message : String(error));
  app.exit(1);
}

import { mkdirSync } from "node:fs";
import path from "node:path";
import { app, dialog, safeStorage, type BrowserWindow } from "electron";
import { createHost, type Host } from "../app.ts";
import { builtArtifacts, type Artifacts } from "../artifacts.ts";
import { homeFolder } from "../servers/home.ts";
import { version } from "../version.ts";
import { registerAppScheme } from "./app-protocol.ts";
import { safeStorageKeychain } from "./keychain.ts";
import { bringToFront } from "./main-window.ts";
import { desktopNotifier } from "./notifier.ts";
import { startShell } from "./shell.ts";

const CLOSE_DEADLINE_MS = 5000;
const home = homeFolder(process.env);

let mainWindow: BrowserWindow | undefined;

app.enableSandbox();
registerAppScheme();
mkdirSync(path.join(home, "electron"), { recursive: true, mode: 0o700 });
// One instance per data folder, and nothing of ours outside it.
app.setPath("userData", path.join(home, "electron"));

// Windows shows notifications of programs that it knows by this name only.
if (process.platform === "win32") app.setAppUserModelId("com.ai-infrastructure.desktop");

if (app.requestSingleInstanceLock()) {
  // Not awaited: Electron gets ready only after this module has been evaluated.
  app.whenReady().then(start).catch(giveUp);
} else {
  app.quit();
}

async function start(): Promise<void> {
  const host = await createHost({
    home,
    shell: "electron",
    artifacts: findArtifacts(),
    keychain: safeStorageKeychain(path.join(home, "keychain.json"), safeStorage),
    notifier: desktopNotifier({
      isFocused: () => mainWindow !== undefined && !mainWindow.isDestroyed() && mainWindow.isFocused(),
      showWindow: () => showWindow(),
    }),
    log: (line) => console.error(line),
  });
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

/** The package brings the Node runtime for servers among its resources; a working copy has it from npm. */
function findArtifacts(): Artifacts {
  const node = app.isPackaged
    ? path.join(process.resourcesPath, "runtime/node")
    : path.join(app.getAppPath(), "node_modules/node/bin/node");
  return builtArtifacts({ folder: path.join(import.meta.dirname, ".."), node, version });
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

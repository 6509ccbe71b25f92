import path from "node:path";
import { BrowserWindow, nativeTheme, screen } from "electron";
import { APP_URL } from "./origin.ts";
import { boundsOnScreen, type ShellState } from "./shell-state.ts";

const FIRST_SIZE = { width: 1360, height: 860 };

interface MainWindowParts {
  readonly state: ShellState;
  /** The folder of the built main bundle, beside which the preload bundle lies. */
  readonly bundleFolder: string;
  /** Called with what to remember when the window closes. */
  remember(state: Pick<ShellState, "bounds" | "isMaximized">): void;
}

export function openMainWindow(parts: MainWindowParts): BrowserWindow {
  const workAreas = screen.getAllDisplays().map((display) => display.workArea);
  const window = new BrowserWindow({
    ...(boundsOnScreen(parts.state.bounds, workAreas) ?? FIRST_SIZE),
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: "AI Infrastructure",
    backgroundColor: nativeTheme.shouldUseDarkColors ? "#14161b" : "#fafafc",
    webPreferences: {
      preload: path.join(parts.bundleFolder, "../preload/preload.cjs"),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  if (parts.state.isMaximized) window.maximize();
  window.once("ready-to-show", () => window.show());
  window.on("close", () => {
    parts.remember({ bounds: window.getNormalBounds(), isMaximized: window.isMaximized() });
  });
  void window.loadURL(APP_URL);
  return window;
}

export function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

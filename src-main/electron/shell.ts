import path from "node:path";
import { app, Menu, nativeTheme, session, shell, type BrowserWindow } from "electron";
import { serveApp } from "./app-protocol.ts";
import { serveChannels, type ChannelOpener } from "./channels.ts";
import { openMainWindow } from "./main-window.ts";
import { menuTemplate } from "./menu.ts";
import { confinePage, limitPermissions } from "./page-policy.ts";
import { readShellState, writeShellState, type ShellState } from "./shell-state.ts";

interface ShellParts {
  readonly home: string;
  readonly host: ChannelOpener;
  readonly bundleFolder: string;
}

/** Sets up everything around the page and returns what opens its window. Runs when the app is ready. */
export function startShell(parts: ShellParts): () => BrowserWindow {
  const stateFile = path.join(parts.home, "window.json");
  let state = readShellState(stateFile);
  const remember = (change: Partial<ShellState>) => {
    state = { ...state, ...change };
    writeShellState(stateFile, state);
  };

  limitPermissions(session.defaultSession);
  app.on("web-contents-created", (_event, contents) => confinePage(contents));
  serveApp(path.join(parts.bundleFolder, "../renderer"));
  serveChannels(parts.host);

  nativeTheme.themeSource = state.appearance;
  const menu = menuTemplate({
    platform: process.platform,
    appearance: state.appearance,
    setAppearance: (appearance) => {
      nativeTheme.themeSource = appearance;
      remember({ appearance });
    },
    openFolder: () => void shell.openPath(parts.home),
  });
  Menu.setApplicationMenu(Menu.buildFromTemplate(menu));

  return () => openMainWindow({ state, bundleFolder: parts.bundleFolder, remember });
}

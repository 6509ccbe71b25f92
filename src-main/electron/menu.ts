import type { MenuItemConstructorOptions } from "electron";
import type { Appearance } from "./shell-state.ts";

interface MenuParts {
  readonly platform: NodeJS.Platform;
  readonly appearance: Appearance;
  setAppearance(appearance: Appearance): void;
  openFolder(): void;
}

/**
 * The application menu. Ctrl with a letter belongs to the terminals (Ctrl+R, Ctrl+W, Ctrl+Q), so outside macOS our keys
 * are Ctrl+Shift; the editing keys are shown but left to the page.
 */
export function menuTemplate(parts: MenuParts): MenuItemConstructorOptions[] {
  const isMac = parts.platform === "darwin";
  const key = (letter: string) => (isMac ? `Cmd+${letter}` : `Ctrl+Shift+${letter}`);
  return [
    ...(isMac ? [{ role: "appMenu" } as const] : []),
    {
      label: "&File",
      submenu: [
        { label: "Open data folder", click: () => parts.openFolder() },
        { type: "separator" },
        { role: "close", label: "Close window", accelerator: key("W") },
        ...(isMac ? [] : [{ role: "quit", label: "Quit", accelerator: key("Q") } as const]),
      ],
    },
    { label: "&Edit", submenu: editItems(isMac) },
    { label: "&View", submenu: viewItems(parts, key) },
    { label: "&Window", submenu: [{ role: "minimize" }, { role: "zoom", visible: isMac }] },
    { role: "help", submenu: [{ role: "about" }] },
  ];
}

function editItems(isMac: boolean): MenuItemConstructorOptions[] {
  const roles = ["undo", "redo", "separator", "cut", "copy", "paste", "selectAll"] as const;
  return roles.map((role) => (role === "separator" ? { type: role } : { role, registerAccelerator: isMac }));
}

function viewItems(parts: MenuParts, key: (letter: string) => string): MenuItemConstructorOptions[] {
  const appearances = { system: "Same as the system", light: "Light", dark: "Dark" } as const;
  return [
    {
      label: "Appearance",
      submenu: (["system", "light", "dark"] as const).map((appearance) => ({
        label: appearances[appearance],
        type: "radio",
        checked: parts.appearance === appearance,
        click: () => parts.setAppearance(appearance),
      })),
    },
    { type: "separator" },
    { role: "resetZoom", accelerator: "CmdOrCtrl+0" },
    { role: "zoomIn", accelerator: "CmdOrCtrl+=" },
    { role: "zoomOut", accelerator: "CmdOrCtrl+-" },
    { role: "togglefullscreen" },
    { type: "separator" },
    { role: "reload", accelerator: key("R") },
    { role: "toggleDevTools" },
  ];
}

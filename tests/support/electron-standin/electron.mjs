// The module `electron` as the app sees it. Only what the app uses is here: importing anything else fails at once.
export { app } from "./app.mjs";
export { BrowserWindow } from "./browser-window.mjs";
export { dialog, Menu, nativeTheme, Notification, screen, shell } from "./desktop.mjs";
export { ipcMain } from "./ipc-main.mjs";
export { safeStorage } from "./safe-storage.mjs";
export { protocol, session } from "./session.mjs";
export { WebContents as webContents } from "./web-contents.mjs";

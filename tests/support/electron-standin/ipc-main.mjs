import { EventEmitter } from "node:events";

/** Events only: the app takes ports over `postMessage` and invokes nothing. */
export const ipcMain = new EventEmitter();

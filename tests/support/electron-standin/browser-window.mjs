import { EventEmitter } from "node:events";
import { app } from "./app.mjs";
import { state, windows } from "./registry.mjs";
import { WebContents } from "./web-contents.mjs";

export class BrowserWindow extends EventEmitter {
  #bounds;
  #isDestroyed = false;
  #isMaximized = false;
  #isMinimized = false;
  #isFocused = false;
  #isVisible;

  constructor(options = {}) {
    super();
    if (!state.isBooted) throw new Error("Cannot create BrowserWindow before app is ready");
    const preferences = { sandbox: true, contextIsolation: true, nodeIntegration: false, ...options.webPreferences };
    if (!preferences.sandbox || !preferences.contextIsolation || preferences.nodeIntegration) {
      throw new Error("electron stand-in: only sandboxed, isolated pages without Node are modelled");
    }
    const { x = 100, y = 100, width = 800, height = 600 } = options;
    this.#bounds = { x, y, width, height };
    this.#isVisible = options.show !== false;
    this.webContents = new WebContents(this, preferences);
    this.id = this.webContents.id;
    this.webContents.once("dom-ready", () => this.emit("ready-to-show"));
    windows.set(this.id, this);
    app.emit("web-contents-created", {}, this.webContents);
    app.emit("browser-window-created", {}, this);
  }

  static getAllWindows() {
    return [...windows.values()];
  }
  static fromWebContents(contents) {
    return contents?.owner ?? null;
  }

  loadURL(address) {
    return this.webContents.loadURL(address);
  }
  show() {
    this.#isVisible = true;
    this.emit("show");
  }
  isVisible() {
    return this.#isVisible;
  }
  focus() {
    this.#isFocused = true;
    this.emit("focus");
  }
  blur() {
    this.#isFocused = false;
    this.emit("blur");
  }
  isFocused() {
    return this.#isFocused;
  }
  minimize() {
    this.#isMinimized = true;
  }
  isMinimized() {
    return this.#isMinimized;
  }
  restore() {
    this.#isMinimized = false;
  }
  maximize() {
    this.#isMaximized = true;
  }
  isMaximized() {
    return this.#isMaximized;
  }
  getBounds() {
    return { ...this.#bounds };
  }
  getNormalBounds() {
    return this.getBounds();
  }
  setBounds(bounds) {
    Object.assign(this.#bounds, bounds);
  }
  isDestroyed() {
    return this.#isDestroyed;
  }
  close() {
    if (this.#isDestroyed) return;
    let isStopped = false;
    this.emit("close", { preventDefault: () => (isStopped = true) });
    if (!isStopped) this.destroy();
  }
  destroy() {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    windows.delete(this.id);
    this.webContents.destroy().catch(() => {});
    this.emit("closed");
    if (windows.size === 0) app.windowsAreGone();
  }
}

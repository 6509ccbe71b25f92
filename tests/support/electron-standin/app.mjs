import { EventEmitter } from "node:events";
import { mkdtempSync, existsSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { claimInstance } from "./single-instance.mjs";
import { state, windows } from "./registry.mjs";

const temporary = mkdtempSync(path.join(os.tmpdir(), "electron-standin-"));
process.on("exit", () => rmSync(temporary, { recursive: true, force: true }));

class App extends EventEmitter {
  #description = { name: "Electron", version: "0.0.0", folder: "." };
  #paths = new Map([
    ["home", os.homedir()],
    ["temp", os.tmpdir()],
    ["userData", path.join(temporary, "user-data")],
  ]);
  #switches = new Map();
  #ready = Promise.withResolvers();
  #isQuitting = false;

  commandLine = {
    appendSwitch: (name, value = "") => void this.#switches.set(name, value),
    hasSwitch: (name) => this.#switches.has(name),
    getSwitchValue: (name) => this.#switches.get(name) ?? "",
  };

  describe(description) {
    this.#description = description;
  }
  chromiumOptions() {
    return { userData: this.getPath("userData"), switches: this.#switches };
  }
  becomeReady() {
    state.isBooted = true;
    this.emit("ready", {}, {});
    this.#ready.resolve();
  }

  whenReady() {
    return this.#ready.promise;
  }
  isReady() {
    return state.isBooted;
  }
  enableSandbox() {
    if (state.isBooted) throw new Error("app.enableSandbox() can only be called before app is ready");
  }
  getName() {
    return this.#description.name;
  }
  getVersion() {
    return this.#description.version;
  }
  getAppPath() {
    return this.#description.folder;
  }
  get isPackaged() {
    return false;
  }
  getPath(name) {
    const found = this.#paths.get(name);
    if (found === undefined) throw new Error(`Failed to get '${name}' path`);
    return found;
  }
  setPath(name, folder) {
    if (!existsSync(folder)) throw new Error(`Path does not exist: ${folder}`);
    this.#paths.set(name, folder);
  }
  requestSingleInstanceLock() {
    return claimInstance(this.getPath("userData"), (argv, cwd) => this.emit("second-instance", {}, argv, cwd, null));
  }
  focus() {}

  quit() {
    if (this.#isQuitting) return;
    if (this.#isStopped("before-quit")) return;
    for (const window of windows.values()) {
      this.isClosingAll = true;
      window.close();
      this.isClosingAll = false;
      if (!window.isDestroyed()) return;
    }
    if (this.#isStopped("will-quit")) return;
    this.#isQuitting = true;
    this.emit("quit", {}, 0);
    this.exit(0);
  }
  exit(code = 0) {
    process.exit(code);
  }
  /** Called when the last window has gone. */
  windowsAreGone() {
    if (this.isClosingAll) return;
    if (!this.emit("window-all-closed")) this.quit();
  }

  #isStopped(event) {
    let isStopped = false;
    this.emit(event, { preventDefault: () => (isStopped = true) });
    return isStopped;
  }
}

export const app = new App();
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => app.quit());

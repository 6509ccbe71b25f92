import { EventEmitter } from "node:events";
import { send } from "./chromium.mjs";
import { schemeHandlers, state } from "./registry.mjs";
import { toApp } from "./addresses.mjs";

/** Electron's names of permissions and Chromium's. Those the app's check allows are granted, all others denied. */
const PERMISSIONS = {
  "clipboard-sanitized-write": { name: "clipboard-write" },
  "clipboard-read": { name: "clipboard-read" },
  geolocation: { name: "geolocation" },
  notifications: { name: "notifications" },
  media: { name: "microphone" },
  midi: { name: "midi" },
};

export const protocol = {
  registerSchemesAsPrivileged() {
    if (state.isBooted) throw new Error("protocol.registerSchemesAsPrivileged should be called before app is ready");
  },
  handle(scheme, handler) {
    schemeHandlers.set(scheme, handler);
  },
};

class Session extends EventEmitter {
  #check = () => false;
  #request;

  protocol = protocol;

  setPermissionCheckHandler(handler) {
    this.#check = handler;
  }
  setPermissionRequestHandler(handler) {
    this.#request = handler;
  }
  /** Chromium without a window offers no devices to choose from. */
  setDevicePermissionHandler() {}
  /** Carries the app's decisions over to Chromium for the page it is about to load. */
  async applyPermissions(contents, address) {
    const { origin } = new URL(address);
    for (const [name, permission] of Object.entries(PERMISSIONS)) {
      const setting = (await this.#isAllowed(contents, name, address)) ? "granted" : "denied";
      await send("Browser.setPermission", { permission, setting, origin });
    }
  }

  /** Electron asks the check first and, when it says no, the request handler. */
  async #isAllowed(contents, name, address) {
    const requestingUrl = toApp(address);
    if (this.#check(contents, name, new URL("/", requestingUrl).href, { isMainFrame: true })) return true;
    const handler = this.#request;
    if (!handler) return true;
    return new Promise((resolve) => handler(contents, name, resolve, { requestingUrl, isMainFrame: true }));
  }
}

export const session = { defaultSession: new Session() };

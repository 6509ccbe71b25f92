import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import { schemeOf, STANDIN_PATTERN, toApp, toChromium } from "./addresses.mjs";
import { forgetSession, onSessionEvent, send } from "./chromium.mjs";
import { makeCodec } from "./codec.mjs";
import { ipcMain } from "./ipc-main.mjs";
import { MessagePortMain } from "./message-port.mjs";
import { preparePageWorld, runPreload } from "./page-worlds.mjs";
import { allContents, schemeHandlers } from "./registry.mjs";
import { session } from "./session.mjs";
import { attachedSession } from "./targets.mjs";

const ISOLATED_WORLD = "Electron Isolated Context";
const codec = makeCodec();
let lastId = 0;

/** The page of a window: a Chromium target with the preload in a true isolated world. */
export class WebContents extends EventEmitter {
  #preferences;
  #sessionId;
  #isolatedWorld = null;
  #ports = new Map();
  #address = "about:blank";
  #expectedAddress = null;
  #setup;
  #windowOpenHandler = () => ({ action: "allow" });

  constructor(window, preferences) {
    super();
    lastId += 1;
    this.id = lastId;
    this.owner = window;
    this.session = session.defaultSession;
    this.#preferences = preferences;
    allContents.set(this.id, this);
    this.#setup = this.#open();
    this.#setup.catch((error) => console.error(error));
  }

  static getAllWebContents() {
    return [...allContents.values()];
  }
  static fromDevToolsTargetId(targetId) {
    return WebContents.getAllWebContents().find((contents) => contents.targetId === targetId);
  }

  async loadURL(address) {
    await this.#setup;
    this.#expectedAddress = new URL(toChromium(address)).href;
    await this.session.applyPermissions(this, this.#expectedAddress);
    const loaded = new Promise((resolve) => this.once("did-finish-load", resolve));
    const { errorText } = await this.#send("Page.navigate", { url: this.#expectedAddress });
    if (errorText) throw new Error(`${errorText} loading '${address}'`);
    await loaded;
  }
  reload() {
    this.#expectedAddress = this.#address;
    void this.#send("Page.reload");
  }
  getURL() {
    return toApp(this.#address);
  }
  isDestroyed() {
    return this.owner.isDestroyed();
  }
  setWindowOpenHandler(handler) {
    this.#windowOpenHandler = handler;
  }
  close() {
    this.owner.close();
  }

  /** Called by the window. */
  async destroy() {
    allContents.delete(this.id);
    this.#dropPorts();
    this.emit("destroyed");
    await this.#setup;
    forgetSession(this.#sessionId);
    await send("Target.closeTarget", { targetId: this.targetId });
  }

  async #open() {
    const { width, height } = this.owner.getBounds();
    const { targetId } = await send("Target.createTarget", { url: "about:blank", newWindow: true, width, height });
    this.targetId = targetId;
    this.#sessionId = await attachedSession(targetId);
    onSessionEvent(this.#sessionId, (method, parameters) => this.#onEvent(method, parameters));
    await this.#prepareWorlds();
    await this.#send("Fetch.enable", {
      patterns: [{ urlPattern: STANDIN_PATTERN }, { urlPattern: "*", resourceType: "Document" }],
    });
  }

  async #prepareWorlds() {
    const preload = this.#preferences.preload ? readFileSync(this.#preferences.preload, "utf8") : "";
    const secret = JSON.stringify(crypto.randomUUID());
    const inTopFrame = (code) => `if (top === self) { ${code} }`;
    await Promise.all([
      this.#send("Page.enable"),
      this.#send("Runtime.enable"),
      this.#send("Runtime.addBinding", { name: "standinSend", executionContextName: ISOLATED_WORLD }),
      this.#send("Page.addScriptToEvaluateOnNewDocument", {
        source: inTopFrame(callInPage(preparePageWorld, secret, makeCodec)),
      }),
      this.#send("Page.addScriptToEvaluateOnNewDocument", {
        worldName: ISOLATED_WORLD,
        source: inTopFrame(
          callInPage(runPreload, secret, makeCodec, `function (require, module, exports) {${preload}\n}`),
        ),
      }),
    ]);
  }

  #onEvent(method, parameters) {
    switch (method) {
      case "Runtime.bindingCalled":
        return this.#fromPreload(JSON.parse(parameters.payload));
      case "Runtime.executionContextCreated":
        return this.#rememberWorld(parameters.context);
      case "Runtime.executionContextsCleared":
        this.#isolatedWorld = null;
        return this.#dropPorts();
      case "Page.frameNavigated":
        if (!parameters.frame.parentId) this.#address = parameters.frame.url;
        return undefined;
      case "Page.windowOpen":
        return this.#onWindowOpen(parameters);
      case "Page.domContentEventFired":
        return this.emit("dom-ready", {});
      case "Page.loadEventFired":
        return this.emit("did-finish-load", {});
      case "Fetch.requestPaused":
        return this.#onRequest(parameters).catch((error) => this.isDestroyed() || console.error(error));
      default:
        return undefined;
    }
  }

  #rememberWorld(context) {
    if (context.name !== ISOLATED_WORLD || context.auxData.frameId !== this.targetId) return;
    this.#isolatedWorld = context.uniqueId;
  }

  #onWindowOpen({ url, windowName }) {
    const answer = this.#windowOpenHandler({ url: toApp(url), frameName: windowName, disposition: "new-window" });
    if (answer.action !== "deny") throw new Error("electron stand-in: second windows can only be denied");
  }

  async #onRequest({ requestId, request, resourceType, frameId }) {
    const isMainFrame = frameId === this.targetId;
    if (resourceType === "Document" && this.#isNavigationStopped(request.url, isMainFrame)) {
      return this.#send("Fetch.failRequest", { requestId, errorReason: "Aborted" });
    }
    const address = toApp(request.url);
    const handler = address === request.url ? undefined : schemeHandlers.get(schemeOf(address));
    if (!handler) return this.#send("Fetch.continueRequest", { requestId });
    const response = await handler(new Request(address, { method: request.method, headers: request.headers }));
    return this.#send("Fetch.fulfillRequest", {
      requestId,
      responseCode: response.status,
      responseHeaders: [...response.headers].map(([name, value]) => ({ name, value })),
      body: Buffer.from(await response.arrayBuffer()).toString("base64"),
    });
  }

  /** Navigations that the app itself started are not asked about. */
  #isNavigationStopped(address, isMainFrame) {
    if (isMainFrame && address === this.#expectedAddress) return false;
    let isStopped = false;
    const url = toApp(address);
    const event = () => ({ url, isMainFrame, isSameDocument: false, preventDefault: () => (isStopped = true) });
    this.emit("will-frame-navigate", event());
    if (isMainFrame && !isStopped) this.emit("will-navigate", event(), url);
    return isStopped;
  }

  #fromPreload(message) {
    if (message.type === "preload-error") console.error("Unable to load preload script:", message.message);
    if (message.type === "port-message") this.#ports.get(message.id)?.receive(message.data);
    if (message.type === "port-closed") {
      this.#ports.get(message.id)?.remoteClosed();
      this.#ports.delete(message.id);
    }
    if (message.type === "post-message") {
      const ports = message.ports.map((id) => this.#adoptPort(id));
      const senderFrame = { url: this.getURL(), parent: null };
      ipcMain.emit(message.channel, { sender: this, senderFrame, ports }, codec.decode(message.message));
    }
  }

  #adoptPort(id) {
    const port = new MessagePortMain(id, (message) => this.#toPreload(message));
    this.#ports.set(id, port);
    return port;
  }

  #toPreload(message) {
    if (this.isDestroyed() || this.#isolatedWorld === null) return;
    const expression = `standinReceive(${JSON.stringify(JSON.stringify(message))})`;
    // The page may go away meanwhile, and its ports with it.
    this.#send("Runtime.evaluate", { uniqueContextId: this.#isolatedWorld, expression }).catch(() => {});
  }

  #dropPorts() {
    for (const port of this.#ports.values()) port.remoteClosed();
    this.#ports.clear();
  }

  #send(method, parameters) {
    return send(method, parameters, this.#sessionId);
  }
}

/** The source of a call: functions by their own source, texts as code. */
function callInPage(called, ...parameters) {
  return `(${String(called)})(${parameters.map(String).join(", ")});`;
}

// Functions whose source is sent into the page: one for the page's own world, one for the preload's isolated world.
// The two worlds share the DOM and nothing else, so `contextBridge` crosses by events.

/** In the page's world: puts what the preload exposes on `window`, deeply frozen, until the preload has ended. */
export function preparePageWorld(secret, makeCodec) {
  const freeze = (value) => {
    if (value === null || typeof value !== "object") return value;
    Object.values(value).forEach(freeze);
    return Object.freeze(value);
  };
  const expose = (event) => {
    const { key, value } = JSON.parse(event.detail);
    Object.defineProperty(window, key, { value: freeze(makeCodec().decode(value)), enumerable: true });
  };
  window.addEventListener(`${secret}-expose`, expose);
  window.addEventListener(`${secret}-done`, () => window.removeEventListener(`${secret}-expose`, expose), {
    once: true,
  });
}

/** In the isolated world: runs the preload bundle with the few things a sandboxed preload has. */
export function runPreload(secret, makeCodec, preload) {
  const { encode, decode } = makeCodec();
  const ports = new Map();
  let lastPort = 0;
  const sendToMain = (message) => globalThis.standinSend(JSON.stringify(message));
  const tell = (name, detail) => window.dispatchEvent(new CustomEvent(`${secret}-${name}`, { detail }));

  const adopt = (port) => {
    lastPort += 1;
    const id = lastPort;
    ports.set(id, port);
    port.addEventListener("message", (event) => sendToMain({ type: "port-message", id, data: encode(event.data) }));
    port.addEventListener("close", () => {
      if (ports.delete(id)) sendToMain({ type: "port-closed", id });
    });
    return id;
  };

  globalThis.standinReceive = (text) => {
    const message = JSON.parse(text);
    const port = ports.get(message.id);
    if (!port) return;
    if (message.type === "port-message") port.postMessage(decode(message.data));
    if (message.type === "port-start") port.start();
    if (message.type === "port-close") {
      ports.delete(message.id);
      port.close();
    }
  };

  const ipcRenderer = {
    postMessage: (channel, message, transfer = []) =>
      sendToMain({ type: "post-message", channel, message: encode(message), ports: transfer.map(adopt) }),
  };
  const contextBridge = {
    exposeInMainWorld: (key, value) => tell("expose", JSON.stringify({ key, value: encode(value) })),
  };
  const requireInSandbox = (name) => {
    if (name !== "electron" && name !== "electron/renderer") throw new Error(`module not found: ${name}`);
    return { contextBridge, ipcRenderer };
  };
  const module = { exports: {} };
  try {
    preload(requireInSandbox, module, module.exports);
  } catch (error) {
    sendToMain({ type: "preload-error", message: String(error) });
  }
  tell("done");
}

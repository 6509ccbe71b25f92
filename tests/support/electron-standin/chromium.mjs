import { spawn } from "node:child_process";
import process from "node:process";

const FLAGS = [
  "--no-sandbox",
  "--no-first-run",
  "--disable-gpu",
  "--disable-quic",
  "--disable-sync",
  "--disable-background-networking",
  "--disable-component-update",
  "--remote-debugging-port=0",
  "--no-startup-window",
  // Electron's pages have the event `close` of ports; Chromium keeps it behind this switch.
  "--enable-blink-features=MessagePortCloseEvent",
  ...(process.env.STANDIN_HEADED ? [] : ["--headless=new"]),
];
const OUR_SWITCHES = new Set(["remote-debugging-port", "no-sandbox", "user-data-dir"]);

const waiting = new Map();
const sessionListeners = new Map();
let rootListener = () => {};
let socket;
let lastId = 0;

/** Starts Chromium and connects to it; gives the line that tells where its DevTools listen. */
export async function bootChromium({ userData, switches }) {
  const extra = [...switches].filter(([name]) => !OUR_SWITCHES.has(name));
  const parameters = extra.map(([name, value]) => (value ? `--${name}=${value}` : `--${name}`));
  // A process group of its own, so that all of Chromium ends with us.
  const chromium = spawn(
    process.env.STANDIN_CHROMIUM ?? "chromium",
    [...FLAGS, `--user-data-dir=${userData}`, ...parameters],
    { stdio: ["ignore", "ignore", "pipe"], detached: true },
  );
  process.on("exit", () => killGroup(chromium.pid));
  const line = await devToolsLine(chromium);
  chromium.on("exit", () => process.exit(process.exitCode ?? 0));
  await connect(line.slice(line.indexOf("ws://")));
  await send("Target.setAutoAttach", {
    autoAttach: true,
    waitForDebuggerOnStart: true,
    flatten: true,
    filter: [{ type: "page" }],
  });
  return line;
}

/** One command of the Chrome DevTools Protocol, to the browser or to one page's session. */
export function send(method, parameters = {}, sessionId) {
  lastId += 1;
  const id = lastId;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject, method });
    socket.send(JSON.stringify({ id, method, params: parameters, sessionId }));
  });
}

export function onBrowserEvent(listener) {
  rootListener = listener;
}

export function onSessionEvent(sessionId, listener) {
  sessionListeners.set(sessionId, listener);
}

export function forgetSession(sessionId) {
  sessionListeners.delete(sessionId);
}

function devToolsLine(chromium) {
  return new Promise((resolve, reject) => {
    let output = "";
    chromium.stderr.on("data", (chunk) => {
      output += chunk;
      const found = /^DevTools listening on ws:\/\/\S+$/m.exec(output);
      if (found) resolve(found[0]);
    });
    chromium.once("error", reject);
    chromium.once("exit", (code) => reject(new Error(`Chromium ended with ${code}\n${output}`)));
  });
}

async function connect(address) {
  socket = new WebSocket(address);
  socket.addEventListener("message", (event) => receive(JSON.parse(event.data)));
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", reject);
  });
}

function receive(message) {
  if (message.id === undefined) {
    const listener = message.sessionId ? sessionListeners.get(message.sessionId) : rootListener;
    listener?.(message.method, message.params);
    return;
  }
  const { resolve, reject, method } = waiting.get(message.id);
  waiting.delete(message.id);
  if (message.error) reject(new Error(`${method}: ${message.error.message}`));
  else resolve(message.result);
}

function killGroup(pid) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

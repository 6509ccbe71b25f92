import { createPagePort, type PagePort, type PortFrame } from "./page-port.ts";

const SESSION_KEY = "ai-infra.session";
let session: Promise<string> | undefined;

export function openBrowserChannel(path: string): PagePort {
  const waiting: PortFrame[] = [];
  let socket: WebSocket | undefined;
  let closed = false;

  const { port, deliver, disconnect } = createPagePort({
    send: (frame) => (socket?.readyState === WebSocket.OPEN ? socket.send(frame) : waiting.push(frame)),
    close: () => {
      closed = true;
      socket?.close();
    },
  });

  async function connect(): Promise<void> {
    session ??= readSession();
    const id = await session;
    if (closed) return;
    socket = new WebSocket(channelUrl(path), ["rpc.v1", `s.${id}`]);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => {
      for (const frame of waiting.splice(0)) socket?.send(frame);
    });
    socket.addEventListener("message", (event: MessageEvent<PortFrame>) => deliver(event.data));
    socket.addEventListener("close", disconnect);
  }
  connect().catch(disconnect);
  return port;
}

/** Trades the one-time token of the address for a session, once; a reload finds the session of before. */
async function readSession(): Promise<string> {
  const token = new URLSearchParams(location.hash.slice(1)).get("t");
  const kept = sessionStorage.getItem(SESSION_KEY);
  if (!token) return kept ?? Promise.reject(new Error("No session"));
  history.replaceState(null, "", location.pathname);
  const response = await fetch("/session", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) return kept ?? Promise.reject(new Error("The address has been used already"));
  const { session: id } = (await response.json()) as { session: string };
  sessionStorage.setItem(SESSION_KEY, id);
  return id;
}

function channelUrl(path: string): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/channel/${path}`;
}

import { createPagePort, type PagePort, type PortFrame } from "./page-port.ts";

declare global {
  interface Window {
    /** Put here by the preload of the Electron shell. */
    readonly aiInfrastructure?: { readonly shell: "electron" };
  }
}

export function inElectron(): boolean {
  return window.aiInfrastructure?.shell === "electron";
}

/** The preload forwards the port to the main process; nothing else passes between page and main. */
export function openElectronChannel(path: string): PagePort {
  const { port1, port2 } = new MessageChannel();
  const { port, deliver, disconnect } = createPagePort({
    send: (frame) => port1.postMessage(frame),
    close: () => port1.close(),
  });
  port1.addEventListener("message", (event: MessageEvent<PortFrame>) => deliver(event.data));
  port1.addEventListener("close", disconnect);
  port1.start();
  window.postMessage({ type: "ai-infra:open-channel", path }, "*", [port2]);
  return port;
}

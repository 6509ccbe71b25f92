import { contextBridge, ipcRenderer } from "electron";

contextBridge.exposeInMainWorld("aiInfrastructure", { shell: "electron" });

// The only thing this script does: hand a port of the page over to the main process, which decides about it.
window.addEventListener("message", (event) => {
  if (event.source !== window || event.data?.type !== "ai-infra:open-channel") return;
  ipcRenderer.postMessage("open-channel", event.data.path, [...event.ports]);
});

import { host } from "../api/clients.ts";
import { deadline, pause, retryDelay } from "../api/retry.ts";
import { useServers } from "./store.ts";

/** Keeps the list of servers as the host has it, until the signal ends it. Survives a host that comes and goes. */
export async function watchServers(signal: AbortSignal): Promise<void> {
  let attempt = 0;
  while (!signal.aborted) {
    try {
      const info = await host.app.info(undefined, { signal: deadline(10_000, signal) });
      for await (const list of await host.servers.watch(undefined, { signal })) {
        attempt = 0;
        useServers.setState({ host: "ready", info, list });
      }
    } catch {
      // Any failure here means the host is away; the loop asks again.
    }
    if (signal.aborted) return;
    useServers.setState({ host: "lost" });
    await pause(retryDelay(attempt), signal);
    attempt += 1;
  }
}

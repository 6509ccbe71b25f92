import { host } from "../../api/clients.ts";
import { pageError } from "../../errors/page-error.ts";
import { setCheck } from "./store.ts";

const running = new Map<string, AbortController>();

/** Lets the host check the whole trail; goes on while other pages are shown. */
export async function startCheck(serverId: string): Promise<void> {
  running.get(serverId)?.abort();
  const controller = new AbortController();
  const { signal } = controller;
  running.set(serverId, controller);
  setCheck(serverId, { state: "running", checked: 0, total: null });
  try {
    for await (const event of await host.audit.verify({ serverId }, { signal })) {
      if (signal.aborted) return;
      if (event.type === "progress") setCheck(serverId, { state: "running", ...event });
      else setCheck(serverId, { state: "ended", verdict: event.verdict, at: Date.now() });
    }
  } catch (error) {
    if (!signal.aborted) setCheck(serverId, { state: "failed", error: pageError(error) });
  }
}

/** Stops a check that is under way, and puts away what one came to. */
export function endCheck(serverId: string): void {
  running.get(serverId)?.abort();
  running.delete(serverId);
  setCheck(serverId, { state: "none" });
}

import type { RunEvent, Wishes } from "../../../contract/provision.ts";
import { host } from "../../api/clients.ts";
import { deadline, pause, retryDelay } from "../../api/retry.ts";
import { pageError } from "../../errors/page-error.ts";
import { foldRun, isRunning, NO_RUN } from "./run.ts";
import { readProvisioning, updateProvisioning } from "./store.ts";

const CALL_MS = 20_000;
const PLAN_MS = 90_000;
const OVERVIEW_MS = 60_000;
const within = (ms: number) => ({ signal: deadline(ms) });

/** Reads the server and keeps what would change. */
export async function readPlan(serverId: string): Promise<void> {
  const { wishes, plan: before } = readProvisioning(serverId);
  if (before.state !== "ready") updateProvisioning(serverId, () => ({ plan: { state: "reading" } }));
  try {
    const plan = await host.provision.plan({ serverId, wishes }, within(PLAN_MS));
    updateProvisioning(serverId, () => ({ plan: { state: "ready", plan } }));
  } catch (error) {
    updateProvisioning(serverId, () => ({ plan: { state: "failed", error: pageError(error) } }));
  }
}

/** Reads how the server is. What was read before stays until then. */
export async function readOverview(serverId: string): Promise<void> {
  const { overview: before } = readProvisioning(serverId);
  if (before.state !== "ready") updateProvisioning(serverId, () => ({ overview: { state: "reading" } }));
  try {
    const overview = await host.provision.overview({ serverId }, within(OVERVIEW_MS));
    updateProvisioning(serverId, () => ({ overview: { state: "ready", overview, error: null } }));
  } catch (thrown) {
    const error = pageError(thrown);
    updateProvisioning(serverId, ({ overview }) => ({
      overview: overview.state === "ready" ? { ...overview, error } : { state: "failed", error },
    }));
  }
}

/** Changes one choice, and shows what it takes. */
export async function wish(serverId: string, wished: Wishes): Promise<void> {
  updateProvisioning(serverId, ({ wishes }) => ({ wishes: { ...wishes, ...wished } }));
  await readPlan(serverId);
}

/** `once`: what is wished of this run alone. */
export async function startRun(serverId: string, once: Wishes = {}): Promise<void> {
  const wishes = { ...readProvisioning(serverId).wishes, ...once };
  await begin(serverId, () => host.provision.apply({ serverId, wishes }, within(CALL_MS)));
}

/** Looks at the server anew, in the place of how its last run ended. */
export async function checkAgain(serverId: string): Promise<void> {
  updateProvisioning(serverId, () => ({ isRunSeen: true, plan: { state: "reading" } }));
  await Promise.all([readPlan(serverId), readOverview(serverId)]);
}

export async function startRemoval(serverId: string): Promise<void> {
  await begin(serverId, () => host.provision.remove({ serverId }, within(CALL_MS)));
}

export async function cancelRun(serverId: string): Promise<void> {
  await host.provision.cancel({ serverId }, within(CALL_MS));
  updateProvisioning(serverId, ({ run }) => ({ stopping: isRunning(run) }));
}

export async function giveSudoPassword(serverId: string, password: string): Promise<void> {
  await host.provision.setSudoPassword({ serverId, password }, within(CALL_MS));
  await Promise.all([readPlan(serverId), readOverview(serverId)]);
}

async function begin(serverId: string, ask: () => Promise<unknown>): Promise<void> {
  updateProvisioning(serverId, () => ({ starting: true }));
  try {
    await ask();
    updateProvisioning(serverId, () => ({ run: NO_RUN, isRunSeen: false, stopping: false }));
  } finally {
    updateProvisioning(serverId, () => ({ starting: false }));
  }
  void followRun(serverId);
}

const following = new Map<string, AbortController>();

/** Follows the run of a server to its end, across a host that comes and goes. A newer call takes over. */
export async function followRun(serverId: string): Promise<void> {
  following.get(serverId)?.abort();
  const controller = new AbortController();
  const { signal } = controller;
  following.set(serverId, controller);
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      const after = readProvisioning(serverId).run.seq;
      for await (const event of await host.provision.follow({ serverId, after }, { signal })) {
        attempt = 0;
        apply(serverId, event);
      }
      return;
    } catch {
      // Without a run there is nothing to follow; with one, the host is away and is asked again.
      if (!isRunning(readProvisioning(serverId).run)) return;
    }
    await pause(retryDelay(attempt), signal);
  }
}

let waiting: { serverId: string; event: RunEvent }[] = [];

/** Logs come by the hundred; they are drawn once per moment. */
function apply(serverId: string, event: RunEvent): void {
  waiting.push({ serverId, event });
  if (waiting.length === 1) setTimeout(flush, 30);
}

function flush(): void {
  const batch = waiting;
  waiting = [];
  for (const [serverId, entries] of Map.groupBy(batch, (entry) => entry.serverId)) {
    updateProvisioning(serverId, ({ run }) => ({
      run: entries.reduce((state, { event }) => foldRun(state, event), run),
    }));
    if (entries.some(({ event }) => event.type === "ended")) void endRun(serverId);
  }
}

/** The server is another one now. */
async function endRun(serverId: string): Promise<void> {
  updateProvisioning(serverId, () => ({ stopping: false }));
  await Promise.all([readPlan(serverId), readOverview(serverId)]);
}

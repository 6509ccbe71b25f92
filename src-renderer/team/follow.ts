import { isTeamReachable } from "../../contract/servers.ts";
import { daemonClient, type DaemonClient } from "../api/clients.ts";
import { deadline, pause, retryDelay } from "../api/retry.ts";
import { pageError } from "../errors/page-error.ts";
import { useServers } from "../servers/store.ts";
import { loadSpend } from "./actions.ts";
import { batchEvents } from "./event-batch.ts";
import { foldEvent, foldHistory, foldTaskList } from "./fold.ts";
import { restoreOutbox, saveOutbox, sendQueued } from "./outbox.ts";
import { readTeam, updateTeam } from "./store.ts";

const CALL_MS = 15_000;
/** How far back the cost of a task is known without asking for it. */
const SHOWN_DAYS = 30;
const STATUS_EVERY_MS = 15_000;
/** A restarting daemon is away for a moment; only then is it a failure worth words. */
const QUIET_ATTEMPTS = 3;

/** Keeps a server's team up to date until the signal ends it: history once, then events after the last number seen. */
export async function followTeam(serverId: string, signal: AbortSignal): Promise<void> {
  const daemon = daemonClient(serverId);
  let attempt = 0;
  while (!signal.aborted) {
    await serverOnline(serverId, signal);
    const link = linkSignal(serverId, signal);
    try {
      await load(serverId, daemon, link.signal);
      await followEvents({ serverId, daemon, signal: link.signal, onCaughtUp: () => (attempt = 0) });
      throw new Error("The stream of events was closed");
    } catch (error) {
      if (signal.aborted) return;
      fallBehind(serverId, error, attempt);
    } finally {
      link.end();
    }
    await pause(retryDelay(attempt), signal);
    attempt += 1;
  }
}

async function load(serverId: string, daemon: DaemonClient, signal: AbortSignal): Promise<void> {
  const within = { signal: deadline(CALL_MS, signal) };
  if (readTeam(serverId).seq === null) {
    const [history, tasks] = await Promise.all([daemon.chat.history({}, within), daemon.tasks.list({}, within)]);
    updateTeam(serverId, (team) => foldHistory(foldTaskList(team, tasks), history));
    restoreOutbox(serverId);
  }
  const status = await daemon.status.get(undefined, within);
  updateTeam(serverId, (team) => ({ ...team, status, agents: status.agents }));
  await readSpend(serverId, SHOWN_DAYS);
}

/** A daemon of an older version cannot tell; the rest of the page does without. */
async function readSpend(serverId: string, days: number): Promise<void> {
  await loadSpend(serverId, days).catch(() => undefined);
}

interface FollowParts {
  readonly serverId: string;
  readonly daemon: DaemonClient;
  readonly signal: AbortSignal;
  readonly onCaughtUp: () => void;
}

async function followEvents({ serverId, daemon, signal, onCaughtUp }: FollowParts): Promise<void> {
  const after = readTeam(serverId).seq ?? 0;
  const batch = batchEvents((events) => {
    updateTeam(serverId, (team) => events.reduce(foldEvent, team));
    saveOutbox(serverId);
  });
  const refresh = setInterval(() => void refreshStatus(serverId, daemon, signal), STATUS_EVERY_MS);
  try {
    for await (const event of await daemon.events.follow({ after }, { signal })) {
      batch.add(event);
      if (event.type !== "caught_up") continue;
      batch.flush();
      updateTeam(serverId, (team) => ({ ...team, seenAt: null }));
      onCaughtUp();
      void sendQueued(serverId);
    }
  } finally {
    clearInterval(refresh);
    batch.flush();
  }
}

async function refreshStatus(serverId: string, daemon: DaemonClient, signal: AbortSignal): Promise<void> {
  try {
    const status = await daemon.status.get(undefined, { signal: deadline(CALL_MS, signal) });
    updateTeam(serverId, (team) => ({ ...team, status }));
    await readSpend(serverId, 1);
  } catch {
    // The stream of events notices a lost daemon by itself.
  }
}

function fallBehind(serverId: string, error: unknown, attempt: number): void {
  updateTeam(serverId, (team) => {
    if (team.live === "live") return { ...team, live: "behind", seenAt: Date.now() };
    if (attempt < QUIET_ATTEMPTS || !isOnline(serverId)) return team;
    const wire = pageError(error);
    const known = wire.code === "connection.lost" ? { ...wire, code: "daemon.unreachable" as const } : wire;
    return { ...team, live: team.seq === null ? "failed" : "behind", error: known };
  });
}

function isOnline(serverId: string): boolean {
  const view = useServers.getState().list.find(({ server }) => server.id === serverId);
  return view !== undefined && isTeamReachable(view);
}

/** Resolves when the server is connected and has a team, or when the signal aborts. */
export async function serverOnline(serverId: string, signal: AbortSignal): Promise<void> {
  if (isOnline(serverId)) return;
  await new Promise<void>((resolve) => {
    const stop = useServers.subscribe(() => isOnline(serverId) && done());
    const done = () => {
      stop();
      resolve();
    };
    signal.addEventListener("abort", done, { once: true });
  });
}

/** Fires when the server goes offline too, so that nothing waits on a dead channel. */
export function linkSignal(serverId: string, signal: AbortSignal) {
  const controller = new AbortController();
  const stop = useServers.subscribe(() => {
    if (!isOnline(serverId)) controller.abort(new Error("The connection was lost"));
  });
  return { signal: AbortSignal.any([signal, controller.signal]), end: stop };
}

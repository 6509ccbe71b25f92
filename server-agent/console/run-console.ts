import path from "node:path";
import process from "node:process";
import type { AgentName } from "../../contract/agents.ts";
import type { ConsoleOrder, Turn } from "../../contract/console-api.ts";
import { agentSocket, BROKER_SOCKET, type DaemonConfig } from "../../contract/daemon-config.ts";
import { toWireError } from "../../contract/errors.ts";
import { BEAT_MS } from "../../contract/health.ts";
import type { RestoreOrder } from "../../contract/keeping.ts";
import type { Rest } from "../../contract/tasks.ts";
import type { SnapshotParts } from "./keep-snapshots.ts";
import { createDaemonLink, type DaemonLink } from "./daemon-link.ts";
import { createKnownSecrets, type KnownSecrets } from "./known-secrets.ts";
import { releaseMemory } from "../platform/release-memory.ts";
import { createSessions, type Sessions } from "../hooks/sessions.ts";
import { createTextEmitter } from "./text-emitter.ts";
import { createTurnRunner, type TurnControl, type TurnRunner } from "./turn-runner.ts";
import { openWindow, type AgentWindow } from "./agent-window.ts";
import { createTypedLines } from "./typed-lines.ts";
import { openUnsentLines } from "./unsent-lines.ts";
import { createWindowView } from "./window-view.ts";

const SESSION_END_MS = 3_000;
const FINISH_TIMEOUT_MS = 15_000;
/** After connecting and after each turn. */
const RELEASE_MEMORY_AFTER_MS = 1_000;

/** The process in an agent's window: does the daemon's turns and takes what people type. Runs until it is stopped. */
export async function runConsole(agent: AgentName, config: DaemonConfig): Promise<void> {
  // Agents share the workspace through its group.
  process.umask(0o002);
  const stopped = new AbortController();
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.once(signal, () => stopped.abort());
  const socketPath = path.join(config.runDir, agentSocket(agent));
  const secrets = createKnownSecrets();
  const window = openWindow({
    agent,
    simulated: config.model === "simulated",
    hide: (text) => secrets.hide(text),
    onLine: (text) => lines.send(text),
    onInterrupt: () => turns.interruptLast(),
  });
  const link = createDaemonLink({
    socketPath,
    agent,
    onOrder: (order) => obey(order),
    onChange(state) {
      window.setConnection(state);
      if (state === "connected") turns.daemonIsBack();
      beat();
      release.refresh();
    },
  });
  const release = setTimeout(releaseMemory, RELEASE_MEMORY_AFTER_MS);
  const unsent = openUnsentLines(path.join(config.stateDir, "agents", agent, "unsent-lines.json"));
  const lines = createTypedLines({ link, window, unsent, lifetime: stopped.signal });
  const own = { sessions: createSessions(), secrets, lifetime: stopped.signal };
  const turns = createTurnRunner(async (turn, control) => {
    const end = await workOn(turn, { agent, config, link, window, control, ...own });
    release.refresh();
    return end;
  });
  const restore = restoreOnce({ config, link, socketPath, note: (text) => window.note(text) }, stopped.signal);
  const beat = (): void => sendBeat(link, turns);
  const heart = setInterval(beat, BEAT_MS);
  const obey = (order: ConsoleOrder): void => {
    if (order.type === "restore") void restore(order.restore).then(() => release.refresh());
    else obeyOrder(order, { turns, window, secrets });
  };
  lines.sendUnsent();
  try {
    await link.run(stopped.signal);
  } finally {
    clearInterval(heart);
    window.close();
  }
  await endSessions(own.sessions, agent, config);
  process.exit(0);
}

interface Obeying {
  readonly turns: TurnRunner;
  readonly window: AgentWindow;
  readonly secrets: KnownSecrets;
}

function obeyOrder(order: ConsoleOrder, { turns, window, secrets }: Obeying): void {
  if (order.type === "secrets") secrets.learn(order.secrets);
  if (order.type === "turn") turns.give(order.turn);
  if (order.type === "interrupt") turns.interrupt(order.turnId);
  if (order.type === "pause") turns.pause(order.turnId);
  if (order.type === "steer") turns.steer(order);
  if (order.type === "standing") window.setStanding(order);
  if (order.type === "notice") window.note(order.text);
}

/** The same order again, while it is under way, is one restore. */
function restoreOnce(parts: SnapshotParts, lifetime: AbortSignal): (order: RestoreOrder) => Promise<void> {
  const underWay = new Set<string>();
  return async (order) => {
    if (underWay.has(order.snapshotId)) return;
    underWay.add(order.snapshotId);
    try {
      const { restoreSnapshot } = await import("./keep-snapshots.ts");
      await restoreSnapshot(order, parts, lifetime);
    } catch (error) {
      if (!lifetime.aborted) parts.note(`Not put back: ${toWireError(error).message}`);
    } finally {
      underWay.delete(order.snapshotId);
    }
  };
}

/** One that is not taken does no harm: the next one comes soon. */
function sendBeat(link: Pick<DaemonLink, "current">, turns: Pick<TurnRunner, "pulses">): void {
  const options = { signal: AbortSignal.timeout(BEAT_MS) };
  link
    .current()
    ?.beat({ turns: turns.pulses() }, options)
    .catch(() => undefined);
}

/** As far as hooks do it in time: the window closes all the same. */
async function endSessions(sessions: Sessions, agent: AgentName, config: DaemonConfig): Promise<void> {
  if (sessions.list().length === 0) return;
  const hooks = await import("./end-sessions.ts");
  await hooks.endSessions(sessions, { agent, config }, AbortSignal.timeout(SESSION_END_MS)).catch(() => undefined);
}

interface Work {
  readonly agent: AgentName;
  readonly config: DaemonConfig;
  readonly link: DaemonLink;
  readonly window: AgentWindow;
  readonly sessions: Sessions;
  readonly secrets: KnownSecrets;
  readonly control: TurnControl;
  readonly lifetime: AbortSignal;
}

function restWords({ reason, until }: Rest): string {
  const when = until === null ? "when that has changed" : `at ${new Date(until).toLocaleString()}`;
  return `Resting: ${reason.message}. The work goes on by itself ${when}.`;
}

async function workOn(
  turn: Turn,
  { agent, config, link, window, sessions, secrets, control, lifetime }: Work,
): Promise<"ended" | "left"> {
  window.turnStarted(turn);
  const view = createWindowView(window, createTextEmitter(turn.id, link));
  try {
    // Loaded with the first turn: an idle console then needs half the memory.
    const { runTurn } = await import("./run-turn.ts");
    const outcome = await runTurn(turn, {
      agent,
      config,
      sessions,
      secrets,
      simulated: config.model === "simulated",
      link,
      view,
      socketPath: path.join(config.runDir, agentSocket(agent)),
      control,
      brokerPath: config.mode === "server" ? BROKER_SOCKET : null,
      lifetime,
    });
    if (outcome.state === "failed") window.note(`Failed: ${outcome.error.message}`);
    if (outcome.state === "interrupted") window.note("Interrupted.");
    if (outcome.state === "left") window.note("Left for now.");
    if (outcome.state === "resting") window.note(restWords(outcome.rest));
    const finished = { turnId: turn.id, outcome };
    const options = { signal: lifetime, timeoutMs: FINISH_TIMEOUT_MS };
    await link.call((daemon, signal) => daemon.finish(finished, { signal }), options);
    return outcome.state === "left" || outcome.state === "resting" ? "left" : "ended";
  } catch (error) {
    if (!lifetime.aborted) window.note(`The daemon refused the end of this turn: ${toWireError(error).message}`);
    return "ended";
  } finally {
    window.turnEnded();
  }
}

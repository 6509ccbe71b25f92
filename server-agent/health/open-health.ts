import path from "node:path";
import { type AgentHold, AgentName } from "../../contract/agents.ts";
import { TMUX_SOCKET, type DaemonConfig } from "../../contract/daemon-config.ts";
import { AppError } from "../../contract/errors.ts";
import type { TurnPulse } from "../../contract/health.ts";
import type { Log } from "../platform/log.ts";
import { watchFiles } from "../platform/watch-files.ts";
import type { Store } from "../store/open-store.ts";
import { endConsole, holdWindow, releaseWindow } from "../team/panes.ts";
import { ENDS_FOLDER, LATEST_END } from "../team/tmux-config.ts";
import { endHold, keepHold, readHolds, recordDeath } from "./holds.ts";
import { forgetEnd, type ProgramEnd, readEnds } from "./read-ends.ts";
import { createSilence, TICK_MS } from "./silence.ts";

/** Keeps the agents' consoles going: ends what hangs, and holds what only crashes until a person has been asked. */
export interface Health {
  /** A console says that it lives, and how its turns go. */
  beat(agent: AgentName, turns: readonly TurnPulse[]): void;
  /** Refuses a console that must not run, and ends it. */
  admit(agent: AgentName): void;
  /** False for a console that has not been heard for some seconds. */
  answers(agent: AgentName): boolean;
  holdOf(agent: AgentName): AgentHold | undefined;
  start(agent: AgentName): Promise<void>;
  keepStopped(agent: AgentName): Promise<void>;
  onChanged(listener: (agent: AgentName) => void): void;
  close(): void;
}

export interface HealthParts {
  readonly config: Pick<DaemonConfig, "mode" | "runDir">;
  readonly log: Log;
  readonly store: Store;
}

export async function openHealth({ config, log, store }: HealthParts): Promise<Health> {
  const silence = createSilence();
  const listeners: ((agent: AgentName) => void)[] = [];
  const tell = (agent: AgentName): void => listeners.forEach((listener) => listener(agent));
  const silent = new Set<AgentName>();
  /** Why we ended a console, until its end is recorded. */
  const reasons = new Map<AgentName, string>();
  let holds = await readHolds(store);

  const end = (agent: AgentName, reason: string): void => {
    silence.starts(agent);
    reasons.set(agent, reason);
    endConsole(config, agent).then(
      (ended) => {
        if (ended) log.warn("ended a console, which starts again", { agent, reason });
        else reasons.delete(agent);
      },
      (error: unknown) => log.warn("cannot end a console", { agent, error }),
    );
  };
  const refreshHolds = async (): Promise<void> => {
    const before = holds;
    holds = await readHolds(store);
    for (const agent of AgentName.options) if (before.has(agent) !== holds.has(agent)) tell(agent);
  };
  const enforce = async (agent: AgentName): Promise<void> => {
    if (holds.has(agent)) await holdWindow(config, agent);
  };
  const takeEnd = async ({ id, at, window, how }: ProgramEnd): Promise<void> => {
    const agent = AgentName.safeParse(window);
    // A console that was asked to end, such as by an upgrade, has not died.
    if (!agent.success || how === "code 0") return;
    const reason = reasons.get(agent.data);
    reasons.delete(agent.data);
    silence.starts(agent.data);
    await recordDeath(store, { id, agent: agent.data, at, how: reason ?? how });
    await refreshHolds();
    await enforce(agent.data);
  };
  const takeEnds = inOrder(log, async () => {
    for (const ended of await readEnds(endsFolder(config))) {
      await takeEnd(ended);
      await forgetEnd(endsFolder(config), ended);
    }
  });
  const stopWatching = watchFiles([path.join(endsFolder(config), LATEST_END)], takeEnds);
  takeEnds();
  let tickedAt = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    const late = silence.tick(now - tickedAt);
    tickedAt = now;
    for (const agent of late.silent) {
      silent.add(agent);
      tell(agent);
    }
    for (const agent of late.overdue) {
      if (holds.has(agent)) silence.starts(agent);
      else end(agent, "no sign of life");
    }
  }, TICK_MS);
  return {
    beat(agent, turns) {
      silence.heard(agent);
      if (silent.delete(agent)) tell(agent);
      if (reasons.has(agent)) return;
      const stuck = turns.find(({ idleMs, patienceMs }) => patienceMs !== null && idleMs > patienceMs);
      if (stuck) end(agent, `no progress for ${Math.round(stuck.idleMs / 1000)} s`);
    },
    admit(agent) {
      const hold = holds.get(agent);
      if (!hold) return;
      enforce(agent).catch((error: unknown) => log.warn("cannot hold a console", { agent, error }));
      throw new AppError("daemon.unhealthy", `The agent ${agent} is held. ${hold.reason}`, {
        hint: `Start it again in the app or with: ai-infra agents start ${agent}`,
      });
    },
    answers: (agent) => silence.answers(agent),
    holdOf: (agent) => holds.get(agent),
    async start(agent) {
      await endHold(store, agent);
      silence.starts(agent);
      await refreshHolds();
      await releaseWindow(config, agent);
    },
    async keepStopped(agent) {
      await keepHold(store, agent);
      await refreshHolds();
      tell(agent);
    },
    onChanged: (listener) => listeners.push(listener),
    close() {
      clearInterval(timer);
      stopWatching();
    },
  };
}

function endsFolder({ runDir }: Pick<DaemonConfig, "runDir">): string {
  return path.join(path.dirname(path.join(runDir, TMUX_SOCKET)), ENDS_FOLDER);
}

/** Runs `work` once more when it is wanted while it runs. What fails is tried again the next time. */
function inOrder(log: Log, work: () => Promise<void>): () => void {
  let running: Promise<void> = Promise.resolve();
  return () => {
    running = running.then(work).catch((error: unknown) => log.warn("cannot record the ends of consoles", { error }));
  };
}

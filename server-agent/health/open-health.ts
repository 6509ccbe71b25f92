import { type AgentHold, AgentName } from "../../contract/agents.ts";
import type { DaemonConfig } from "../../contract/daemon-config.ts";
import type { TurnPulse } from "../../contract/health.ts";
import type { Log } from "../platform/log.ts";
import type { Store } from "../store/open-store.ts";
import { createConsoleEnder } from "./end-consoles.ts";
import { type Holds, openHolds } from "./open-holds.ts";
import { createSilence, type Silence, TICK_MS } from "./silence.ts";
import { watchEnds } from "./watch-ends.ts";

/** Keeps the agents' consoles going: ends what hangs, and holds what only crashes until a person has been asked. */
export interface Health extends Pick<Holds, "admit" | "start" | "keepStopped"> {
  /** A console says that it lives, and how its turns go. */
  beat(agent: AgentName, turns: readonly TurnPulse[]): void;
  /** False for a console that has not been heard for some seconds. */
  answers(agent: AgentName): boolean;
  holdOf(agent: AgentName): AgentHold | undefined;
  onChanged(listener: (agent: AgentName) => void): void;
  close(): void;
}

export interface HealthParts {
  readonly config: Pick<DaemonConfig, "mode" | "runDir">;
  readonly log: Log;
  readonly store: Store;
  readonly consoles: { isConnected(agent: AgentName): boolean };
}

export async function openHealth({ config, log, store, consoles }: HealthParts): Promise<Health> {
  const silence = createSilence();
  const ender = createConsoleEnder(config, log);
  const listeners: ((agent: AgentName) => void)[] = [];
  const tell = (agent: AgentName): void => listeners.forEach((listener) => listener(agent));
  const holds = await openHolds({ config, log, store, onChanged: tell });
  const end = (agent: AgentName, reason: string): void => {
    silence.starts(agent);
    if (!holds.of(agent)) void ender.end(agent, reason);
  };
  const stopWatching = await watchEnds({
    config,
    log,
    async onEnd({ id, at, window, how }) {
      const agent = AgentName.safeParse(window);
      // A console that was asked to end, such as by an upgrade, has not died.
      if (!agent.success || how === "code 0") return;
      silence.starts(agent.data);
      await holds.died({ id, agent: agent.data, at, how: ender.takeReason(agent.data) ?? how });
    },
  });
  const stopTicking = tick(silence, tell, (agent) => {
    // One of an older version gives no signs of life; its connection would break if it hung.
    if (consoles.isConnected(agent) && !silence.hasBeenHeard(agent)) silence.starts(agent);
    else end(agent, "no sign of life");
  });
  return {
    admit: (agent) => holds.admit(agent),
    keepStopped: async (agent) => await holds.keepStopped(agent),
    async start(agent) {
      silence.starts(agent);
      await holds.start(agent);
    },
    beat(agent, turns) {
      const wasSilent = !silence.answers(agent);
      silence.heard(agent);
      if (wasSilent) tell(agent);
      const stuck = turns.find(({ idleMs, patienceMs }) => patienceMs !== null && idleMs > patienceMs);
      if (stuck && !ender.isEnding(agent)) end(agent, `no progress for ${Math.round(stuck.idleMs / 1000)} s`);
    },
    answers: (agent) => silence.answers(agent),
    holdOf: (agent) => holds.of(agent),
    onChanged: (listener) => listeners.push(listener),
    close() {
      stopTicking();
      stopWatching();
    },
  };
}

function tick(silence: Silence, onSilent: (agent: AgentName) => void, onOverdue: (agent: AgentName) => void) {
  let tickedAt = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    const { silent, overdue } = silence.tick(now - tickedAt);
    tickedAt = now;
    silent.forEach(onSilent);
    overdue.forEach(onOverdue);
  }, TICK_MS);
  return (): void => clearInterval(timer);
}

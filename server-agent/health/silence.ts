import { AgentName } from "../../contract/agents.ts";

/** After so long without a sign of life an agent is shown as offline, and then its console is ended. */
export const SHOWN_AFTER_MS = 6_000;
export const ENDED_AFTER_MS = 15_000;
/** A console that starts has longer. */
export const START_WITHIN_MS = 45_000;
export const TICK_MS = 1_000;
/** Of one tick: when this process itself was stopped or busy, the consoles were not silent for that time. */
const LONGEST_TICK_MS = 1_500;

/** How long nothing was heard of each console. */
export interface Silence {
  heard(agent: AgentName): void;
  /** It is about to start, or may be. */
  starts(agent: AgentName): void;
  /** False when it was heard before, and not for some seconds. */
  answers(agent: AgentName): boolean;
  /** Since it started. */
  hasBeenHeard(agent: AgentName): boolean;
  /** Time passes; gives those that have just become silent, and those that have been for too long. */
  tick(elapsedMs: number): { readonly silent: readonly AgentName[]; readonly overdue: readonly AgentName[] };
}

interface Heard {
  readonly silentMs: number;
  readonly limitMs: number;
}

export function createSilence(): Silence {
  const all = new Map<AgentName, Heard>();
  const starts = (agent: AgentName): void => void all.set(agent, { silentMs: 0, limitMs: START_WITHIN_MS });
  AgentName.options.forEach(starts);
  return {
    starts,
    heard: (agent) => void all.set(agent, { silentMs: 0, limitMs: ENDED_AFTER_MS }),
    hasBeenHeard: (agent) => all.get(agent)?.limitMs === ENDED_AFTER_MS,
    answers(agent) {
      const heard = all.get(agent);
      return heard?.limitMs !== ENDED_AFTER_MS || heard.silentMs < SHOWN_AFTER_MS;
    },
    tick(elapsedMs) {
      const passed = Math.min(elapsedMs, LONGEST_TICK_MS);
      const silent: AgentName[] = [];
      const overdue: AgentName[] = [];
      for (const [agent, { silentMs, limitMs }] of all) {
        const after = silentMs + passed;
        all.set(agent, { silentMs: after, limitMs });
        if (limitMs === ENDED_AFTER_MS && silentMs < SHOWN_AFTER_MS && after >= SHOWN_AFTER_MS) silent.push(agent);
        if (after >= limitMs) overdue.push(agent);
      }
      return { silent, overdue };
    },
  };
}

import type { AgentName } from "../../contract/agents.ts";

/** Turns that were sent to a console and are not done there yet. */
export interface HeldTurns {
  hold(agent: AgentName, turnId: string): void;
  of(agent: AgentName): string[];
  release(turnId: string): void;
  releaseAll(agent: AgentName): void;
  /** Until it is released, or the time is over. */
  whenReleased(turnId: string, timeoutMs: number): Promise<void>;
  onReleased(listener: (agent: AgentName) => void): void;
}

export function createHeldTurns(): HeldTurns {
  const held = new Map<string, { readonly agent: AgentName; readonly released: PromiseWithResolvers<void> }>();
  const listeners: ((agent: AgentName) => void)[] = [];
  const of = (agent: AgentName): string[] =>
    [...held].flatMap(([turnId, holder]) => (holder.agent === agent ? turnId : []));
  const release = (turnId: string): void => {
    const holder = held.get(turnId);
    if (!holder) return;
    held.delete(turnId);
    holder.released.resolve();
    for (const listener of listeners) listener(holder.agent);
  };
  return {
    hold(agent, turnId) {
      if (!held.has(turnId)) held.set(turnId, { agent, released: Promise.withResolvers<void>() });
    },
    of,
    release,
    releaseAll: (agent) => of(agent).forEach(release),
    async whenReleased(turnId, timeoutMs) {
      const holder = held.get(turnId);
      if (!holder) return;
      const timer = setTimeout(() => release(turnId), timeoutMs);
      await holder.released.promise;
      clearTimeout(timer);
    },
    onReleased: (listener) => listeners.push(listener),
  };
}

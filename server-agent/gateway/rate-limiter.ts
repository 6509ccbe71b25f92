import type { AgentName } from "../../contract/agents.ts";
import { createRateLimits, type RateAnswer } from "./rate-limits.ts";

/** One for all agents: they share the account, so they share its limits. */
export interface RateLimiter {
  /**
   * Resolves when the request may go out: agents in turn, each agent's requests in order. Rejects when the signal
   * aborts. What it gives must be called once, with the answer or with null when none came.
   */
  enter(agent: AgentName, signal: AbortSignal): Promise<(answer: RateAnswer | null) => void>;
}

export interface Clock {
  now(): number;
  /** Returns how to take it back. */
  after(ms: number, callback: () => void): () => void;
}

const CLOCK: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

interface Waiting {
  readonly agent: AgentName;
  readonly start: () => void;
}

export function createRateLimiter(clock: Clock = CLOCK): RateLimiter {
  const limits = createRateLimits();
  const lastServed = new Map<AgentName, number>();
  const queue: Waiting[] = [];
  let served = 0;
  let cancelTimer: () => void = () => {};

  const pump = (): void => {
    cancelTimer();
    for (let next = nextOf(queue, lastServed); next; next = nextOf(queue, lastServed)) {
      const ms = limits.waitMs(clock.now());
      if (ms !== 0) {
        if (ms !== null) cancelTimer = clock.after(ms, pump);
        return;
      }
      queue.splice(queue.indexOf(next), 1);
      lastServed.set(next.agent, (served += 1));
      limits.started(clock.now());
      next.start();
    }
  };
  return {
    async enter(agent, signal) {
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const waiting: Waiting = { agent, start: resolve };
      const leave = (): void => {
        if (queue.includes(waiting)) queue.splice(queue.indexOf(waiting), 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      queue.push(waiting);
      pump();
      await promise;
      signal.removeEventListener("abort", leave);
      return (answer) => {
        limits.answered(answer, clock.now());
        pump();
      };
    },
  };
}

/** The first request of the agent that was served longest ago. */
function nextOf(queue: readonly Waiting[], lastServed: ReadonlyMap<AgentName, number>): Waiting | undefined {
  const order = ({ agent }: Waiting): number => lastServed.get(agent) ?? 0;
  return queue.reduce<Waiting | undefined>(
    (best, each) => (best === undefined || order(each) < order(best) ? each : best),
    undefined,
  );
}

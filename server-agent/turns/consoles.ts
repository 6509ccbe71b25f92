import type { AgentName } from "../../contract/agents.ts";
import type { ConsoleOrder } from "../../contract/console-api.ts";
import { type AsyncQueue, createAsyncQueue } from "../platform/async-queue.ts";
import { createHeldTurns, type HeldTurns } from "./held-turns.ts";

/** The consoles connected now, at most one per agent. */
export interface Consoles {
  /** A second console of the same agent closes the first. Ends when the signal aborts. */
  connect(agent: AgentName, signal: AbortSignal | undefined): AsyncIterable<ConsoleOrder>;
  isConnected(agent: AgentName): boolean;
  /** Nothing happens when the console is away: it is told when it connects. */
  send(agent: AgentName, order: ConsoleOrder): void;
  readonly held: HeldTurns;
  onChanged(listener: (agent: AgentName) => void): void;
}

export function createConsoles(): Consoles {
  const connected = new Map<AgentName, AsyncQueue<ConsoleOrder>>();
  const held = createHeldTurns();
  const listeners: ((agent: AgentName) => void)[] = [];
  const tell = (agent: AgentName): void => listeners.forEach((listener) => listener(agent));
  const disconnect = (agent: AgentName, queue: AsyncQueue<ConsoleOrder>): void => {
    queue.end();
    if (connected.get(agent) !== queue) return;
    connected.delete(agent);
    held.releaseAll(agent);
    tell(agent);
  };
  return {
    connect(agent, signal) {
      const before = connected.get(agent);
      if (before) disconnect(agent, before);
      const queue = createAsyncQueue<ConsoleOrder>();
      connected.set(agent, queue);
      signal?.addEventListener("abort", () => disconnect(agent, queue));
      tell(agent);
      if (signal?.aborted) disconnect(agent, queue);
      return queue;
    },
    isConnected: (agent) => connected.has(agent),
    send(agent, order) {
      const queue = connected.get(agent);
      if (!queue) return;
      if (order.type === "turn") held.hold(agent, order.turn.id);
      queue.push(order);
    },
    held,
    onChanged: (listener) => listeners.push(listener),
  };
}

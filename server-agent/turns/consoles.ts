import type { AgentName } from "../../contract/agents.ts";
import type { ConsoleOrder } from "../../contract/console-api.ts";
import { type AsyncQueue, createAsyncQueue } from "../platform/async-queue.ts";

/** The consoles connected now, at most one per agent. */
export interface Consoles {
  /** A second console of the same agent closes the first. Ends when the signal aborts. */
  connect(agent: AgentName, signal: AbortSignal | undefined): AsyncIterable<ConsoleOrder>;
  isConnected(agent: AgentName): boolean;
  /** Nothing happens when the console is away: it is told when it connects. */
  send(agent: AgentName, order: ConsoleOrder): void;
  /** The console is done with a turn. */
  release(turnId: string): void;
  /** Until the console is done with the turn, is gone, or the time is over. */
  whenReleased(turnId: string, timeoutMs: number): Promise<void>;
  onChanged(listener: (agent: AgentName) => void): void;
}

export function createConsoles(): Consoles {
  const connected = new Map<AgentName, AsyncQueue<ConsoleOrder>>();
  const held = new Map<string, { readonly agent: AgentName; readonly released: PromiseWithResolvers<void> }>();
  const listeners: ((agent: AgentName) => void)[] = [];
  const tell = (agent: AgentName): void => listeners.forEach((listener) => listener(agent));
  const release = (turnId: string): void => {
    held.get(turnId)?.released.resolve();
    held.delete(turnId);
  };
  const disconnect = (agent: AgentName, queue: AsyncQueue<ConsoleOrder>): void => {
    queue.end();
    if (connected.get(agent) !== queue) return;
    connected.delete(agent);
    for (const [turnId, holder] of held) if (holder.agent === agent) release(turnId);
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
      if (order.type === "turn" && !held.has(order.turn.id)) {
        held.set(order.turn.id, { agent, released: Promise.withResolvers<void>() });
      }
      queue.push(order);
    },
    release,
    async whenReleased(turnId, timeoutMs) {
      const holder = held.get(turnId);
      if (!holder) return;
      const timer = setTimeout(() => release(turnId), timeoutMs);
      await holder.released.promise;
      clearTimeout(timer);
    },
    onChanged: (listener) => listeners.push(listener),
  };
}

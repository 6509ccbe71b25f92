import type { Turn } from "../../contract/console-api.ts";

/** Turns one at a time, in the order they came. A turn that is given again while it waits or runs is one turn. */
export interface TurnQueue {
  give(turn: Turn): void;
  /** Stops the running turn, or lets a waiting one end at once. */
  interrupt(turnId: string): void;
  interruptRunning(): boolean;
}

export function createTurnQueue(work: (turn: Turn, signal: AbortSignal) => Promise<void>): TurnQueue {
  const turns = new Map<string, { readonly turn: Turn; readonly abort: AbortController }>();
  let running: string | null = null;
  const runNext = async (): Promise<void> => {
    const next = turns.values().next().value;
    if (running !== null || !next) return;
    running = next.turn.id;
    try {
      await work(next.turn, next.abort.signal);
    } finally {
      turns.delete(running);
      running = null;
      void runNext();
    }
  };
  return {
    give(turn) {
      if (turns.has(turn.id)) return;
      turns.set(turn.id, { turn, abort: new AbortController() });
      void runNext();
    },
    interrupt: (turnId) => turns.get(turnId)?.abort.abort(),
    interruptRunning() {
      if (running === null) return false;
      turns.get(running)?.abort.abort();
      return true;
    },
  };
}

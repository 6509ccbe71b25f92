import type { TurnPulse } from "../../contract/health.ts";

/** How a turn gets on, so that one that hangs is told from one that waits. */
export interface Pulse {
  /** Something came of it: words, output, the end of a call. */
  moved(): void;
  /** What the turn waits for while `work` goes on: at most so long without progress, or as long as it takes. */
  during<T>(patienceMs: number | null, work: () => Promise<T>): Promise<T>;
  read(): Omit<TurnPulse, "turnId">;
}

/** Asking the model, which has its own time-out, and what lies between two steps. */
const PATIENCE_MS = 5 * 60_000;

export function createPulse(now: () => number = () => performance.now()): Pulse {
  let movedAt = now();
  const waits = new Set<{ readonly patienceMs: number | null }>();
  const moved = (): void => {
    movedAt = now();
  };
  return {
    moved,
    async during(patienceMs, work) {
      const wait = { patienceMs };
      waits.add(wait);
      moved();
      try {
        return await work();
      } finally {
        waits.delete(wait);
        moved();
      }
    },
    read() {
      const patiences = [...waits].map(({ patienceMs }) => patienceMs);
      const longest = patiences.length === 0 ? PATIENCE_MS : Math.max(...patiences.map((ms) => ms ?? Infinity));
      return { idleMs: now() - movedAt, patienceMs: longest === Infinity ? null : longest };
    },
  };
}

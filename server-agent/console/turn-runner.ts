import type { Turn } from "../../contract/console-api.ts";
import type { TurnPulse } from "../../contract/health.ts";
import { createPulse, type Pulse } from "./turn-pulse.ts";

/** What reaches a turn while it runs. */
export interface TurnControl {
  /** Aborts everything: the model's stream and the running command. */
  readonly signal: AbortSignal;
  /** Aborts what can be joined or asked again; a running command ends by itself. */
  readonly leave: AbortSignal;
  /** A person's words that the journal does not hold yet, in their order. */
  readonly steering: Map<string, string>;
  readonly pulse: Pulse;
}

/**
 * Runs each turn as it is given; the daemon decides how many at once. A turn that is given again while it runs is one
 * turn; but one that was just being left is then taken up again, because the daemon may have handed it out anew.
 */
export interface TurnRunner {
  give(turn: Turn): void;
  interrupt(turnId: string): void;
  pause(turnId: string): void;
  steer(steering: { readonly turnId: string; readonly messageId: string; readonly text: string }): void;
  /** Interrupts the turn that began last; false when none runs. */
  interruptLast(): boolean;
  pulses(): TurnPulse[];
  /** While the daemon was away nothing could come of any turn. */
  daemonIsBack(): void;
}

interface Running {
  readonly abort: AbortController;
  readonly leave: AbortController;
  readonly steering: Map<string, string>;
  readonly pulse: Pulse;
  givenAgain: boolean;
}

export function createTurnRunner(work: (turn: Turn, control: TurnControl) => Promise<"ended" | "left">): TurnRunner {
  const running = new Map<string, Running>();
  const start = async (turn: Turn): Promise<void> => {
    const [abort, leave] = [new AbortController(), new AbortController()];
    const parts: Running = { abort, leave, steering: new Map(), pulse: createPulse(), givenAgain: false };
    running.set(turn.id, parts);
    const { steering, pulse } = parts;
    const end = await work(turn, { signal: abort.signal, leave: leave.signal, steering, pulse });
    running.delete(turn.id);
    if (end === "left" && parts.givenAgain) await start(turn);
  };
  return {
    give(turn) {
      const known = running.get(turn.id);
      if (known) known.givenAgain = true;
      else void start(turn);
    },
    interrupt: (turnId) => running.get(turnId)?.abort.abort(),
    pause: (turnId) => running.get(turnId)?.leave.abort(),
    steer: ({ turnId, messageId, text }) => void running.get(turnId)?.steering.set(messageId, text),
    interruptLast() {
      const last = [...running.values()].at(-1);
      last?.abort.abort();
      return last !== undefined;
    },
    pulses: () => [...running].map(([turnId, { pulse }]) => ({ turnId, ...pulse.read() })),
    daemonIsBack: () => running.forEach(({ pulse }) => pulse.moved()),
  };
}

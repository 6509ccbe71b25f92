import type { DaemonEvent } from "../../contract/events.ts";

/** Hidden pages get no animation frames, so a timer takes over after this long. */
const LONGEST_WAIT_MS = 50;

/** Gathers events and hands them over once per frame, in order: hundreds of tokens, one drawing. */
export function batchEvents(apply: (events: readonly DaemonEvent[]) => void) {
  let waiting: DaemonEvent[] = [];
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    timer = undefined;
    const events = waiting;
    waiting = [];
    if (events.length > 0) apply(events);
  }

  return {
    add(event: DaemonEvent): void {
      waiting.push(event);
      if (timer !== undefined) return;
      frame = requestAnimationFrame(flush);
      timer = setTimeout(flush, LONGEST_WAIT_MS);
    },
    flush,
  };
}

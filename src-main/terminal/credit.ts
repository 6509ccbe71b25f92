import { HIGH_WATER_BYTES, LOW_WATER_BYTES } from "../../contract/terminal.ts";
import type { TerminalStream } from "../servers/link.ts";

type Pausable = Pick<TerminalStream, "pause" | "resume">;

/** Stops a stream while the page has more than the high water mark still to draw. */
export interface Credit {
  /** The stream that is stopped from now on. */
  limit(stream: Pausable): void;
  /** Bytes were sent to the page. */
  take(bytes: number): void;
  /** The page has drawn them. */
  give(bytes: number): void;
}

export function createCredit(): Credit {
  let unread = 0;
  let isPaused = false;
  let stream: Pausable | null = null;
  return {
    limit(next) {
      stream = next;
      if (isPaused) stream.pause();
    },
    take(bytes) {
      unread += bytes;
      if (isPaused || unread <= HIGH_WATER_BYTES) return;
      isPaused = true;
      stream?.pause();
    },
    give(bytes) {
      unread = Math.max(0, unread - bytes);
      if (!isPaused || unread > LOW_WATER_BYTES) return;
      isPaused = false;
      stream?.resume();
    },
  };
}

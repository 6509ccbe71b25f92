import type { TerminalNotice } from "../../contract/terminal.ts";
import type { TerminalEnd } from "../servers/link.ts";

const LOST_PAUSE_MS = 200;
/** So often, with this pause, a window that was shown is looked for when it has gone with its tmux server. */
const GONE_TRIES = 10;
const GONE_PAUSE_MS = 1000;
/** Less than this is no sight of it, but a program that says why there is none. */
const SHOWN_MS = 1000;

type Exited = Extract<TerminalEnd, { kind: "exited" }>;

interface Next {
  readonly notice: TerminalNotice;
  /** After which it is attached again; null when it is not. */
  readonly pauseMs: number | null;
}

/** Decides after each view of a window whether there is another one. */
export function createReattach() {
  let beganAt = 0;
  let triesLeft = 0;

  /** One that a person left with tmux's own keys stays closed. */
  const mayReturn = ({ exitCode }: Exited): boolean => {
    if (!exitCode) return false;
    if (performance.now() - beganAt >= SHOWN_MS) triesLeft = GONE_TRIES;
    triesLeft -= 1;
    return triesLeft >= 0;
  };
  return {
    began: () => void (beganAt = performance.now()),
    after(end: TerminalEnd): Next {
      if (end.kind === "lost") return detached("The connection to the server was lost", LOST_PAUSE_MS);
      if (mayReturn(end)) return detached("The window has gone and may be starting again", GONE_PAUSE_MS);
      return { notice: { type: "ended", reason: describeEnd(end) }, pauseMs: null };
    },
  };
}

function detached(reason: string, pauseMs: number): Next {
  return { notice: { type: "detached", reason }, pauseMs };
}

function describeEnd({ exitCode, message }: Exited): string {
  if (message) return message;
  return exitCode ? `The window cannot be shown (exit code ${exitCode})` : "The window was closed";
}

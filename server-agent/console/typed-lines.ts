import { randomUUID } from "node:crypto";
import { toWireError } from "../../contract/errors.ts";
import type { AgentWindow } from "./agent-window.ts";
import type { DaemonLink } from "./daemon-link.ts";
import { plainText } from "./plain-text.ts";
import type { Line, UnsentLines } from "./unsent-lines.ts";

export interface TypedLinesParts {
  readonly link: Pick<DaemonLink, "call" | "current">;
  readonly window: Pick<AgentWindow, "note">;
  readonly unsent: UnsentLines;
  /** Of the console. What is unsent when it ends is sent by the next one. */
  readonly lifetime: AbortSignal;
}

const SUBMIT_TIMEOUT_MS = 15_000;

/** Gives typed lines to the daemon, one after the other, each once: its id makes sending it again harmless. */
export function createTypedLines(parts: TypedLinesParts): { send(text: string): void; sendUnsent(): void } {
  let sending: Promise<void> = Promise.resolve();
  const queue = (line: Line): void => {
    sending = sending.then(async () => await submit(line, parts));
  };
  return {
    send(text) {
      const line = { id: `line_${randomUUID()}`, text };
      if (!parts.link.current()) parts.window.note("The daemon is away; this is sent when it is back.");
      keep(parts, () => parts.unsent.add(line));
      queue(line);
    },
    sendUnsent() {
      for (const line of parts.unsent.list()) queue(line);
    },
  };
}

async function submit(line: Line, parts: TypedLinesParts): Promise<void> {
  const { link, window, unsent, lifetime } = parts;
  try {
    const options = { signal: lifetime, timeoutMs: SUBMIT_TIMEOUT_MS };
    await link.call((daemon, signal) => daemon.submit(line, { signal }), options);
  } catch (error) {
    if (lifetime.aborted) return;
    window.note(`Not taken: ${toWireError(error).message}. You typed: ${plainText(line.text)}`);
  }
  keep(parts, () => unsent.remove(line.id));
}

function keep({ window }: TypedLinesParts, change: () => void): void {
  try {
    change();
  } catch (error) {
    window.note(`Lines typed here are not kept on disk: ${toWireError(error).message}`);
  }
}

import type { ConsoleEvent } from "../../contract/console-api.ts";
import type { ConsoleClient, DaemonLink } from "./daemon-link.ts";
import type { TextPart } from "./turn-view.ts";

const NO_PART: TextPart = { kind: "said", messageIndex: 0 };
const COALESCE_MS = 16;
const EMIT_TIMEOUT_MS = 5_000;

/** Sends the text being written to the chat: one request at a time, never waited for by the work. */
export interface TextEmitter {
  start(part: TextPart): void;
  add(delta: string): void;
  activity(text: string): void;
}

export function createTextEmitter(turnId: string, link: Pick<DaemonLink, "current">): TextEmitter {
  let message = { part: NO_PART, text: "" };
  let sentLength = 0;
  let sentTo: ConsoleClient | null = null;
  let notes: ConsoleEvent[] = [];
  let timer: NodeJS.Timeout | null = null;
  let sentAt = 0;

  const takeEvents = (client: ConsoleClient): ConsoleEvent[] => {
    // A daemon that was restarted has forgotten the text so far.
    if (sentTo !== client) sentLength = 0;
    sentTo = client;
    const events = notes;
    notes = [];
    const fresh = message.text.slice(sentLength);
    if (fresh !== "") events.push({ type: "text", ...message.part, offset: sentLength, text: fresh });
    sentLength = message.text.length;
    return events;
  };
  const send = async (): Promise<void> => {
    sentAt = performance.now();
    const client = link.current();
    const events = client ? takeEvents(client) : [];
    if (client && events.length > 0) {
      await client.emit({ turnId, events }, { signal: AbortSignal.timeout(EMIT_TIMEOUT_MS) }).catch(() => {
        sentTo = null;
      });
    }
    timer = null;
    if (sentLength < message.text.length && link.current()) schedule();
  };
  // The first words go at once; only what follows them closely is gathered.
  const schedule = (): void => {
    timer ??= setTimeout(() => void send(), Math.max(0, sentAt + COALESCE_MS - performance.now()));
  };
  return {
    start(part) {
      message = { part, text: "" };
      sentLength = 0;
    },
    add(delta) {
      message = { ...message, text: message.text + delta };
      schedule();
    },
    activity(text) {
      notes.push({ type: "activity", text });
      schedule();
    },
  };
}

import type { DaemonClient } from "../tunnel/daemon-client.ts";
import { newestHead, type HeadNotes, type NoteLine } from "./head-notes.ts";
import { judgeHead } from "./judge-head.ts";

type DaemonApi = DaemonClient["api"];

export interface Visit {
  readonly api: DaemonApi;
  /** As they were before the server was asked: a head that is older than these was not honest. */
  readonly notes: HeadNotes;
  readonly now: () => string;
  readonly signal: AbortSignal;
}

/** Asks a server for its head and for the record kept last; returns what is to be noted, if anything. */
export async function visit({ api, notes, now, signal }: Visit): Promise<NoteLine | null> {
  const known = newestHead(notes);
  const head = await api.audit.head(undefined, { signal });
  const at = now();
  if (known === null) return head.seq === 0 ? null : { ...head, at };
  const seen = head.seq > known.seq ? await api.audit.at({ seq: known.seq }, { signal }) : head;
  const fault = judgeHead(known, { head, seen });
  if (fault) return { at, alarm: fault };
  return head.seq > known.seq ? { ...head, at } : null;
}

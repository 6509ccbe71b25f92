import type { AuditCheckEvent, AuditVerdict } from "../../contract/audit-check.ts";
import type { AuditHead } from "../../contract/audit.ts";
import type { DaemonClient } from "../tunnel/daemon-client.ts";
import { createTrailCheck } from "./check-trail.ts";
import type { HeadNotes } from "./head-notes.ts";

export interface Verified {
  readonly verdict: AuditVerdict;
  /** The trail's last record. */
  readonly last: AuditHead;
}

/** Reads a whole trail and checks it; tells how far it is, and returns what it came to. */
export async function* verifyTrail(
  api: DaemonClient["api"],
  notes: HeadNotes,
  signal: AbortSignal,
): AsyncGenerator<AuditCheckEvent, Verified> {
  const head = await api.audit.head(undefined, { signal });
  const check = createTrailCheck(notes, head);
  yield { type: "progress", checked: 0, total: head.seq };
  for await (const records of await api.audit.read({ after: 0 }, { signal })) {
    check.add(records);
    yield { type: "progress", checked: check.last.seq, total: Math.max(head.seq, check.last.seq) };
  }
  signal.throwIfAborted();
  return { verdict: check.end(), last: check.last };
}

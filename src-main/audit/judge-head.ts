import type { AuditFault } from "../../contract/audit-check.ts";
import type { AuditHead, KnownHead } from "../../contract/audit.ts";

export interface HeadNow {
  /** The trail's last record. */
  readonly head: AuditHead;
  /** What stands where the known head was; null when nothing does. */
  readonly seen: AuditHead | null;
}

/** What a head kept before says of the trail at present; null when nothing speaks against it. */
export function judgeHead(known: KnownHead, { head, seen }: HeadNow): AuditFault | null {
  if (head.seq < known.seq) return { kind: "cut", seq: head.seq, known };
  if (seen?.hash === known.hash) return null;
  return { kind: "rewritten", seq: known.seq, known, found: seen?.hash ?? null };
}

import { createHash } from "node:crypto";
import type { AuditFault, AuditVerdict } from "../../contract/audit-check.ts";
import { AUDIT_START, type AuditHead, type AuditRecord, auditText, type KnownHead } from "../../contract/audit.ts";
import { newestHead, type HeadNotes } from "./head-notes.ts";

const SHOWN_FAULTS = 20;

/** Follows a trail from its first record and compares it with the heads that were noted of it. */
export interface TrailCheck {
  add(records: readonly AuditRecord[]): void;
  /** The last record so far. */
  readonly last: AuditHead;
  end(): AuditVerdict;
}

/** `own` is what the server said its last record is, before the first record was read. */
export function createTrailCheck(notes: HeadNotes, own: AuditHead): TrailCheck {
  const noted = Map.groupBy(notes.heads, ({ seq }) => seq);
  const faults: AuditFault[] = [];
  let last = AUDIT_START;
  let records = 0;
  let sure: KnownHead | null = null;

  const compare = (head: AuditHead): void => {
    for (const known of noted.get(head.seq) ?? []) {
      if (known.hash !== head.hash) faults.push({ kind: "rewritten", seq: head.seq, known, found: head.hash });
      else if (faults.length === 0) sure = known;
    }
    if (head.seq === own.seq && head.hash !== own.hash) faults.push(headFault(head, own));
  };
  return {
    get last() {
      return last;
    },
    add(piece) {
      for (const record of piece) {
        records += 1;
        const fault = linkFault(last, record, notes);
        if (fault) faults.push(fault);
        if (fault?.kind === "out_of_order") continue;
        last = { seq: record.seq, hash: record.hash };
        compare(last);
      }
    },
    end() {
      const newest = newestHead(notes);
      if (newest && newest.seq > last.seq) faults.push({ kind: "cut", seq: last.seq, known: newest });
      if (own.seq > last.seq) faults.push(headFault(last, own));
      const { heads, restartedAt, unreadable } = notes;
      const checked = { records, heads: heads.length, since: sinceOf(heads), restartedAt, unreadable };
      if (faults.length === 0) return { state: "intact", ...checked };
      const shown = faults.slice(0, SHOWN_FAULTS);
      return { state: "broken", ...checked, faults: shown, moreFaults: faults.length - shown.length, sure };
    },
  };
}

/** What is wrong between a record and the one before it. After a gap nothing is left to compute the hash from. */
function linkFault(last: AuditHead, record: AuditRecord, { heads }: HeadNotes): AuditFault | null {
  const { seq, hash } = record;
  if (seq <= last.seq) return { kind: "out_of_order", seq, after: last.seq };
  const seenAt = (from: number) => sinceOf(heads.filter((head) => head.seq >= from));
  if (seq > last.seq + 1) {
    return { kind: "missing", seq: last.seq + 1, to: seq - 1, seenAt: seenAt(last.seq + 1) };
  }
  const expected = auditHash(last.hash, record);
  return expected === hash ? null : { kind: "changed", seq, expected, found: hash, seenAt: seenAt(seq) };
}

function headFault(last: AuditHead, own: AuditHead): AuditFault {
  return { kind: "head_differs", seq: last.seq, headSeq: own.seq };
}

function sinceOf(heads: readonly KnownHead[]): string | null {
  return heads.reduce<string | null>((first, { at }) => (first === null || at < first ? at : first), null);
}

function auditHash(previousHash: string, record: AuditRecord): string {
  return createHash("sha256").update(auditText(previousHash, record)).digest("hex");
}

import { z } from "zod";
import { type AuditAlarm, AuditFault } from "../../contract/audit-check.ts";
import { KnownHead } from "../../contract/audit.ts";

const at = z.iso.datetime();

/** One line of the notes about a server's trail. */
export const NoteLine = z.union([
  KnownHead,
  z.object({ at, alarm: AuditFault }),
  /** What was noted before counts no more: a person acknowledged a change, or the server's data was removed from here. */
  z.object({ at, restart: z.enum(["acknowledged", "unprovisioned"]) }),
]);
export type NoteLine = z.infer<typeof NoteLine>;

/** What the lines come to. */
export interface HeadNotes {
  /** Since the last restart, in the order they were written. */
  readonly heads: readonly KnownHead[];
  readonly alarm: AuditAlarm | null;
  readonly restartedAt: string | null;
  /** Lines that say nothing: torn by a crash, or written by somebody else. */
  readonly unreadable: number;
}

export const NO_NOTES: HeadNotes = { heads: [], alarm: null, restartedAt: null, unreadable: 0 };

export function foldLines(before: HeadNotes, lines: readonly string[]): HeadNotes {
  let heads = [...before.heads];
  let { alarm, restartedAt, unreadable } = before;
  for (const text of lines) {
    const line = parseLine(text);
    if (line === null) unreadable += 1;
    else if ("hash" in line) heads.push(line);
    else if ("alarm" in line) alarm ??= { at: line.at, fault: line.alarm };
    else {
      heads = [];
      alarm = null;
      restartedAt = line.at;
    }
  }
  return { heads, alarm, restartedAt, unreadable };
}

/** The one that covers the most; of equals the oldest. */
export function newestHead({ heads }: HeadNotes): KnownHead | null {
  return heads.reduce<KnownHead | null>((best, head) => (best === null || head.seq > best.seq ? head : best), null);
}

function parseLine(text: string): NoteLine | null {
  try {
    return NoteLine.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { api } from "./api-base.ts";
import { KnownHead } from "./audit.ts";

const seq = z.number().int().min(0);
/** When this computer first kept a head of the trail that held the record; null when it never did. */
const seenAt = z.iso.datetime().nullable();

/** What is wrong with a trail, and with which record. */
export const AuditFault = z.discriminatedUnion("kind", [
  /** The record's hash is not the one that follows from the record before it and its own content. */
  z.object({ kind: z.literal("changed"), seq, expected: z.string(), found: z.string(), seenAt }),
  z.object({ kind: z.literal("missing"), seq, to: seq, seenAt }),
  z.object({ kind: z.literal("out_of_order"), seq, after: seq }),
  /** Another record stands where this computer saw one; `found` is null when none does. */
  z.object({ kind: z.literal("rewritten"), seq, known: KnownHead, found: z.string().nullable() }),
  /** The trail ends with record `seq`, before a record this computer saw. */
  z.object({ kind: z.literal("cut"), seq, known: KnownHead }),
  /** Record `seq`, where the trail ends, is not the record `headSeq` that the server itself says is its last one. */
  z.object({ kind: z.literal("head_differs"), seq, headSeq: seq }),
]);
export type AuditFault = z.infer<typeof AuditFault>;

/** Told until a person acknowledges it. */
export const AuditAlarm = z.object({ at: z.iso.datetime(), fault: AuditFault });
export type AuditAlarm = z.infer<typeof AuditAlarm>;

const Checked = z.object({
  records: seq,
  /** How many heads this computer had kept, and since when; null without any. */
  heads: z.number().int(),
  since: z.iso.datetime().nullable(),
  /** Heads from before this moment are not compared: a person acknowledged a change then, or the server was made anew. */
  restartedAt: z.iso.datetime().nullable(),
  /** Lines of this computer's notes that say nothing. */
  unreadable: z.number().int(),
});

export const AuditVerdict = z.discriminatedUnion("state", [
  Checked.extend({ state: z.literal("intact") }),
  Checked.extend({
    state: z.literal("broken"),
    /** In the order they were found; the first ones only. */
    faults: z.array(AuditFault),
    moreFaults: z.number().int(),
    /** The last head this computer kept that still holds: up to it nothing was changed. */
    sure: KnownHead.nullable(),
  }),
]);
export type AuditVerdict = z.infer<typeof AuditVerdict>;

export const AuditCheckEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("progress"), checked: seq, total: seq }),
  z.object({ type: z.literal("ended"), verdict: AuditVerdict }),
]);
export type AuditCheckEvent = z.infer<typeof AuditCheckEvent>;

/** Answered by the host, which keeps heads of the trails on this computer. */
export const auditCheck = {
  /** Reads the whole trail, computes its chain again and compares it with the heads kept here. Ends when its reader goes. */
  verify: api.input(z.object({ serverId: z.string() })).output(eventIterator(AuditCheckEvent)),
  /** Ends the alarm raised `at`. What was kept before is not compared any more; keeping starts anew. */
  acknowledge: api.input(z.object({ serverId: z.string(), at: z.iso.datetime() })).output(z.void()),
};

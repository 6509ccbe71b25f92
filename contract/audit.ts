import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { AgentName } from "./agents.ts";
import { api } from "./api-base.ts";
import { canonicalJson } from "./canonical-json.ts";

export const AuditKind = z.enum([
  "prompt",
  "decision",
  "call_started",
  "call_ended",
  "approval_asked",
  "approval_answered",
  "approval_used",
  "grant_given",
  "grant_revoked",
  "policy_changed",
  "agent_changed",
  "budget_changed",
  "root_action",
  "snapshot_taken",
  "snapshot_restored",
  "snapshot_dropped",
  "secret_read",
  "login",
  "task_ended",
  "phase_started",
  "phase_ended",
  "criterion_judged",
  "console_ended",
  "agent_held",
  "agent_hold_answered",
]);
export type AuditKind = z.infer<typeof AuditKind>;

/** What is hashed of a record, besides the hash of the record before it. */
export const AuditContent = z.object({
  /** 1 for the first record, without gaps. */
  seq: z.number().int().min(1),
  at: z.iso.datetime(),
  kind: AuditKind,
  agent: AgentName.nullable(),
  taskId: z.string().nullable(),
  /** Canonical JSON, the exact text that is hashed. Secrets are replaced by `[hidden]`. */
  detail: z.string(),
});
export type AuditContent = z.infer<typeof AuditContent>;

/** One record of the audit trail. `hash` is the SHA-256 of `auditText`, in hexadecimal digits. */
export const AuditRecord = AuditContent.extend({ hash: z.string().regex(/^[0-9a-f]{64}$/) });
export type AuditRecord = z.infer<typeof AuditRecord>;

/** The last record of the trail at a moment: whoever keeps one elsewhere can prove later that nothing before it changed. */
export const AuditHead = z.object({ seq: z.number().int().min(0), hash: z.string() });
export type AuditHead = z.infer<typeof AuditHead>;

/** Before the first record. */
export const AUDIT_START: AuditHead = { seq: 0, hash: "0".repeat(64) };

/** The text whose SHA-256 is the record's hash; it holds the hash of the record before, which makes the chain. */
export function auditText(previousHash: string, { seq, at, kind, agent, taskId, detail }: AuditContent): string {
  return `${previousHash}\n${canonicalJson({ seq, at, kind, agent, taskId, detail })}`;
}

/** A head this computer was shown at a time, and kept. */
export const KnownHead = AuditHead.extend({ at: z.iso.datetime() });
export type KnownHead = z.infer<typeof KnownHead>;

export const audit = {
  head: api.output(AuditHead),
  /** The head now, and again soon after each change; a slow reader gets the latest only. */
  heads: api.output(eventIterator(AuditHead)),
  /** The head as it was when this record was the last; null when there is no such record. */
  at: api.input(z.object({ seq: z.number().int().min(1) })).output(AuditHead.nullable()),
  /**
   * Newest first; `before` and `after` are numbers of records. Empty filters match everything. Large records come fewer
   * at a time than `limit`, and then there are more.
   */
  list: api
    .input(
      z.object({
        before: z.number().int().optional(),
        after: z.number().int().optional(),
        limit: z.number().int().min(1).max(500).default(100),
        agent: AgentName.optional(),
        taskId: z.string().optional(),
        kind: AuditKind.optional(),
        /** Found anywhere in the detail. */
        text: z.string().max(200).optional(),
        from: z.iso.datetime().optional(),
        to: z.iso.datetime().optional(),
      }),
    )
    .output(z.object({ records: z.array(AuditRecord), hasMore: z.boolean() })),
  /** Every record after `after`, oldest first, in pieces: for checking the chain and for export. */
  read: api.input(z.object({ after: z.number().int().min(0) })).output(eventIterator(z.array(AuditRecord))),
};

import { createHash } from "node:crypto";
import { type AuditContent, type AuditKind, auditText } from "../../contract/audit.ts";
import type { AgentName } from "../../contract/agents.ts";
import { canonicalJson } from "../../contract/canonical-json.ts";
import type { Redact } from "../platform/redact.ts";
import { storableText } from "./storable-text.ts";

/** A record of the audit trail before it has its place in the chain. */
export interface AuditDraft {
  readonly kind: AuditKind;
  readonly agent?: AgentName | null;
  readonly taskId?: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

export function auditHash(previousHash: string, content: AuditContent): string {
  return createHash("sha256").update(auditText(previousHash, content)).digest("hex");
}

export type AuditRow = AuditContent & { readonly hash: string };

interface Head {
  /** Of the last record. */
  readonly seq: number;
  readonly hash: string;
}

/** Gives records their places after a head, and the head after them. */
export function chainRecords(
  before: Head,
  drafts: readonly AuditDraft[],
  redact: Redact,
): { readonly rows: readonly AuditRow[]; readonly head: Head } {
  let head = before;
  const rows: AuditRow[] = [];
  for (const { kind, agent = null, taskId = null, detail } of drafts) {
    const text = storableText(redact(canonicalJson(detail)));
    const content = { seq: head.seq + 1, at: new Date().toISOString(), kind, agent, taskId, detail: text };
    head = { seq: content.seq, hash: auditHash(head.hash, content) };
    rows.push({ ...content, hash: head.hash });
  }
  return { rows, head };
}

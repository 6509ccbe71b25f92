import { createHash } from "node:crypto";
import type { Transaction } from "kysely";
import { type AuditContent, type AuditKind, auditText } from "../../contract/audit.ts";
import type { AgentName } from "../../contract/agents.ts";
import { canonicalJson } from "../../contract/canonical-json.ts";
import type { Redact } from "../platform/redact.ts";
import type { Database } from "./schema.ts";
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

/**
 * Chains records as the last act of a transaction. The head's row stays locked until the commit, so the chain is in the
 * order of commits and never forks.
 */
export async function appendAudit(
  tx: Transaction<Database>,
  drafts: readonly AuditDraft[],
  redact: Redact,
): Promise<void> {
  if (drafts.length === 0) return;
  let head = await tx.selectFrom("audit_head").selectAll().forUpdate().executeTakeFirstOrThrow();
  const rows: (AuditContent & { hash: string })[] = [];
  for (const { kind, agent = null, taskId = null, detail } of drafts) {
    const text = storableText(redact(canonicalJson(detail)));
    const content = { seq: head.seq + 1, at: new Date().toISOString(), kind, agent, taskId, detail: text };
    head = { seq: content.seq, hash: auditHash(head.hash, content) };
    rows.push({ ...content, hash: head.hash });
  }
  await tx
    .insertInto("audit")
    .values(rows.map(({ taskId, ...row }) => ({ ...row, task_id: taskId })))
    .execute();
  await tx.updateTable("audit_head").set(head).execute();
}

import { AUDIT_START, type AuditContent, type AuditRecord } from "../../contract/audit.ts";
import { auditHash } from "../../server-agent/store/append-audit.ts";

const FIRST_AT = Date.parse("2026-11-01T08:00:00.000Z");

/** When record `seq` was written, one a minute. */
export const writtenAt = (seq: number): string => new Date(FIRST_AT + seq * 60_000).toISOString();

export function auditContent(seq: number, part: Partial<AuditContent> = {}): AuditContent {
  const detail = JSON.stringify({ text: `what happened in ${seq}` });
  return { seq, at: writtenAt(seq), kind: "prompt", agent: "code", taskId: "t1", detail, ...part };
}

/** Hashes contents into a chain, as the daemon does; also how a forger makes one that is whole in itself. */
export function chain(contents: readonly AuditContent[], previousHash: string = AUDIT_START.hash): AuditRecord[] {
  let hash = previousHash;
  return contents.map((content) => {
    hash = auditHash(hash, content);
    return { ...content, hash };
  });
}

export function trail(length: number): AuditRecord[] {
  return chain(Array.from({ length }, (_, index) => auditContent(index + 1)));
}

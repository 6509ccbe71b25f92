import { AuditKind, type AuditRecord } from "../../../contract/audit.ts";

export const KIND_LABELS: Record<AuditKind, string> = {
  prompt: "Request",
  decision: "Decision",
  call_started: "Call started",
  call_ended: "Call ended",
  approval_asked: "Approval asked",
  approval_answered: "Approval answered",
  approval_used: "Approval used",
  grant_given: "Grant given",
  grant_revoked: "Grant revoked",
  policy_changed: "Policy changed",
  agent_changed: "Agent changed",
  budget_changed: "Budget changed",
  root_action: "Root action",
  snapshot_taken: "Snapshot taken",
  snapshot_restored: "Snapshot restored",
  snapshot_dropped: "Snapshot dropped",
  secret_read: "Secret read",
  login: "Connection",
  task_ended: "Task ended",
  phase_started: "Phase started",
  phase_ended: "Phase ended",
  criterion_judged: "Criterion judged",
  console_ended: "Console ended",
  agent_held: "Agent held",
  agent_hold_answered: "Hold answered",
};

/** A server may know kinds that this app does not. */
export function kindLabel(kind: string): string {
  const known = AuditKind.safeParse(kind);
  return known.success ? KIND_LABELS[known.data] : kind.replaceAll("_", " ");
}

const BAD_ENDS: readonly unknown[] = ["deny", "denied", "failed", "expired", "refused"];

/** Whether a record tells of something that was refused or failed. */
export function tellsOfFailure({ detail }: AuditRecord): boolean {
  try {
    const { verdict, answer, state } = JSON.parse(detail) as Readonly<Record<string, unknown>>;
    return [verdict, answer, state].some((end) => BAD_ENDS.includes(end));
  } catch {
    return false;
  }
}

/** "14:03:22" today, "5 Nov 14:03:22" before. */
export function shortTime(at: string, now: number): string {
  const date = new Date(at);
  const time = date.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  if (date.toDateString() === new Date(now).toDateString()) return time;
  return `${date.toLocaleDateString(undefined, { day: "numeric", month: "short" })} ${time}`;
}

/** JSON made readable; anything else as it is. */
export function readableDetail(detail: string): { text: string; language: string } {
  try {
    return { text: JSON.stringify(JSON.parse(detail), null, 2), language: "json" };
  } catch {
    return { text: detail, language: "" };
  }
}

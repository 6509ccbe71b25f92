import type { Selectable } from "kysely";
import type { Approval } from "../../contract/approvals.ts";
import type { Message } from "../../contract/chat.ts";
import type { Snapshot } from "../../contract/snapshots.ts";
import type { Task, ToolCall } from "../../contract/tasks.ts";
import type { Database } from "./schema.ts";

type Row<Name extends keyof Database> = Selectable<Database[Name]>;

const SHOWN_OUTPUT = 8_000;

export function toTask(row: Row<"tasks">): Task {
  return {
    id: row.id,
    parentId: row.parent_id,
    conversationId: row.conversation_id,
    agent: row.agent,
    request: row.request,
    priority: row.priority,
    phase: row.phase,
    repository: row.repository,
    state: row.state,
    result: row.result,
    error: row.error,
    ...(row.rest_reason && { rest: { reason: row.rest_reason, until: row.rest_until?.toISOString() ?? null } }),
    simulated: row.simulated,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
  };
}

export function toMessage(row: Row<"messages">): Message {
  return {
    id: row.id,
    conversationId: row.conversation_id,
    taskId: row.task_id,
    role: row.role,
    agent: row.agent,
    text: row.text,
    simulated: row.simulated,
    at: row.at.toISOString(),
    ...(row.ms !== null && { ms: row.ms }),
  };
}

export function toToolCall(row: Row<"calls">): ToolCall {
  return {
    id: `${row.turn_id}.${row.call_id}`,
    taskId: row.task_id,
    conversationId: row.conversation_id,
    agent: row.agent,
    tool: row.tool,
    summary: row.summary,
    state: row.state,
    output: row.output.slice(0, SHOWN_OUTPUT),
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
  };
}

export function toApproval(row: Row<"approvals">): Approval {
  return {
    id: row.id,
    taskId: row.task_id,
    conversationId: row.conversation_id,
    agent: row.agent,
    action: row.action,
    reason: row.reason,
    tool: row.tool,
    hash: row.action_hash,
    destructive: row.destructive,
    grantable: row.grantable ?? [],
    ...(row.repeats !== null && { repeats: row.repeats }),
    state: row.state,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    answeredAt: row.answered_at?.toISOString() ?? null,
    usedAt: row.used_at?.toISOString() ?? null,
  };
}

export function toSnapshot(row: Row<"snapshots">): Snapshot {
  return {
    id: row.id,
    kind: row.kind,
    agent: row.agent,
    taskId: row.task_id,
    conversationId: row.conversation_id,
    callId: row.call_id,
    approvalId: row.approval_id,
    action: row.action,
    targets: row.targets,
    state: row.state,
    bytes: row.bytes,
    sha256: row.sha256,
    createdAt: row.created_at.toISOString(),
    beforeRestoreOf: row.before_restore_of,
    restoredAt: row.restored_at?.toISOString() ?? null,
    restoredBy: row.restored_by,
    error: row.error,
  };
}

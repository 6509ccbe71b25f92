import type { AlgorithmRun } from "../../contract/algorithm.ts";
import type { Approval } from "../../contract/approvals.ts";
import type { Message } from "../../contract/chat.ts";
import type { Task, ToolCall } from "../../contract/tasks.ts";
import type { Store, Tx } from "../store/open-store.ts";
import { toApproval, toMessage, toTask, toToolCall } from "../store/rows.ts";
import { toRun } from "../store/run-changes.ts";

export interface HistoryRequest {
  readonly conversationId: string;
  readonly limit: number;
  readonly before?: string | undefined;
}

export interface History {
  readonly messages: Message[];
  readonly calls: ToolCall[];
  readonly tasks: Task[];
  readonly approvals: Approval[];
  readonly runs: AlgorithmRun[];
  readonly hasMore: boolean;
  readonly seq: number;
}

/** One picture of the conversation: nothing in it is newer than `seq`, nothing up to `seq` is missing. */
export async function readHistory(store: Store, request: HistoryRequest): Promise<History> {
  return await store.snapshot(async (tx) => {
    const { seq } = await tx.selectFrom("event_counter").select("seq").executeTakeFirstOrThrow();
    const newestFirst = await readMessages(tx, request);
    const hasMore = newestFirst.length > request.limit;
    const messages = newestFirst.slice(0, request.limit).toReversed();
    const roots = await readRoots(tx, messages);
    return { messages, hasMore, seq, ...(await readWork(tx, roots)) };
  });
}

async function readMessages(tx: Tx, { conversationId, limit, before }: HistoryRequest): Promise<Message[]> {
  let query = tx.selectFrom("messages").selectAll().where("conversation_id", "=", conversationId);
  if (before !== undefined) {
    query = query.where("number", "<", (db) => db.selectFrom("messages").select("number").where("id", "=", before));
  }
  const rows = await query
    .orderBy("number", "desc")
    .limit(limit + 1)
    .execute();
  return rows.map(toMessage);
}

async function readRoots(tx: Tx, messages: readonly Message[]): Promise<string[]> {
  const taskIds = [...new Set(messages.flatMap(({ taskId }) => taskId ?? []))];
  if (taskIds.length === 0) return [];
  const rows = await tx.selectFrom("tasks").select("root_id").distinct().where("id", "in", taskIds).execute();
  return rows.map((row) => row.root_id);
}

async function readWork(
  tx: Tx,
  roots: readonly string[],
): Promise<Pick<History, "tasks" | "calls" | "approvals" | "runs">> {
  if (roots.length === 0) return { tasks: [], calls: [], approvals: [], runs: [] };
  const tasks = await tx.selectFrom("tasks").selectAll().where("root_id", "in", roots).orderBy("number").execute();
  const ids = tasks.map(({ id }) => id);
  const calls = await tx.selectFrom("calls").selectAll().where("task_id", "in", ids).orderBy("number").execute();
  const approvals = await tx
    .selectFrom("approvals")
    .selectAll()
    .where("task_id", "in", ids)
    .orderBy("created_at")
    .execute();
  const runs = await tx.selectFrom("algorithm_runs").selectAll().where("task_id", "in", ids).execute();
  return {
    tasks: tasks.map(toTask),
    calls: calls.map(toToolCall),
    approvals: approvals.map(toApproval),
    runs: runs.map(toRun),
  };
}

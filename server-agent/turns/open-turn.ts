import type { AgentName } from "../../contract/agents.ts";
import type { Turn } from "../../contract/console-api.ts";
import { worktreeOf } from "../../contract/worktrees.ts";
import type { Emit, Store, Tx } from "../store/open-store.ts";
import { takeTeamMessage } from "../store/team-message-changes.ts";

/** A turn as it is stored; its profile comes with its delivery. */
export interface AgentTurn extends Omit<Turn, "profile"> {
  readonly agent: AgentName;
}

/** At least so many exchanges are told again, and never twice as many. */
const HISTORY_PAIRS = 20;
const INBOX_MESSAGES = 20;
const CANCELLED_LATELY_MS = 3_600_000;

interface OpenedTask {
  readonly id: string;
  readonly agent: AgentName;
  readonly conversation_id: string;
  readonly number: number;
  readonly handed_on: number;
  readonly request: string;
}

/** The turn in which the task's agent works on it: a new one after each hand-off, else the one that is there. */
export async function openTurn(tx: Tx, emit: Emit, task: OpenedTask): Promise<AgentTurn> {
  const number = task.handed_on + 1;
  const id = `${task.id}.${number}`;
  const existing = await selectTurns(tx).where("turns.id", "=", id).executeTakeFirst();
  if (existing) return toTurn(existing);
  const history = JSON.stringify(await readHistory(tx, task));
  const request = await requestOf(tx, task);
  await tx.insertInto("turns").values({ id, task_id: task.id, number, agent: task.agent, request, history }).execute();
  await takeInbox(tx, emit, { task, turnId: id });
  return toTurn(await selectTurns(tx).where("turns.id", "=", id).executeTakeFirstOrThrow());
}

export async function readOpenTurns(store: Store, agent: AgentName, signal?: AbortSignal): Promise<AgentTurn[]> {
  const rows = await store.read(
    async (db) =>
      await selectTurns(db)
        .where("turns.agent", "=", agent)
        .where("turns.ended_at", "is", null)
        .where("tasks.state", "in", ["running", "waiting"])
        .where("tasks.rest_reason", "is", null)
        .execute(),
    signal,
  );
  return rows.map(toTurn);
}

/** Turns a console may still work on because it was away when they were cancelled. */
export async function readCancelledTurns(store: Store, agent: AgentName, signal?: AbortSignal): Promise<string[]> {
  const rows = await store.read(
    async (db) =>
      await selectTurns(db)
        .where("turns.agent", "=", agent)
        .where("tasks.state", "=", "cancelled")
        .where("turns.ended_at", ">", new Date(Date.now() - CANCELLED_LATELY_MS))
        .execute(),
    signal,
  );
  return rows.map(({ id }) => id);
}

/** What people told this agent about its open turns and its journals do not hold yet. */
export async function readSteering(
  store: Store,
  agent: AgentName,
  signal?: AbortSignal,
): Promise<{ turnId: string; messageId: string; text: string }[]> {
  return await store.read(
    async (db) =>
      await db
        .selectFrom("team_messages as message")
        .innerJoin("turns", "turns.task_id", "message.task_id")
        .leftJoin("team_message_receipts as receipt", "receipt.message_id", "message.id")
        .select(["turns.id as turnId", "message.id as messageId", "message.action as text"])
        .where("message.source", "=", "person")
        .where("turns.agent", "=", agent)
        .where("turns.ended_at", "is", null)
        .where("receipt.message_id", "is", null)
        .orderBy("message.number")
        .execute(),
    signal,
  );
}

/** Null: the task's own request, as it is. */
async function requestOf(tx: Tx, task: OpenedTask): Promise<string | null> {
  const inbox = await readInbox(tx, task.agent);
  const news = inbox.map(
    ({ source, action, context }) => `- ${source}: ${[action, context].filter(Boolean).join("\n  ")}`,
  );
  const handoff = task.handed_on === 0 ? null : await readHandoff(tx, task.id);
  if (news.length === 0 && !handoff) return null;
  const parts = [
    ...(handoff ? [`The ${handoff.source} agent handed this task to you: ${handoff.action}\n${handoff.context}`] : []),
    ...(news.length > 0 ? [`Messages of the team since you last worked:\n${news.join("\n")}`] : []),
    `The task:\n${task.request}`,
  ];
  return parts.join("\n\n");
}

async function readHandoff(tx: Tx, taskId: string) {
  return await tx
    .selectFrom("team_messages")
    .select(["source", "action", "context"])
    .where("task_id", "=", taskId)
    .where("type", "=", "handoff")
    .orderBy("number", "desc")
    .executeTakeFirst();
}

/** What was told to everyone and has not reached this agent yet, oldest first. */
async function readInbox(tx: Tx, agent: AgentName) {
  const rows = await tx
    .selectFrom("team_messages")
    .select(["id", "source", "action", "context"])
    .where("target", "=", "*")
    .where("source", "!=", agent)
    .where((message) =>
      message.not(
        message.exists(
          message
            .selectFrom("team_message_receipts as receipt")
            .select("receipt.agent")
            .whereRef("receipt.message_id", "=", "team_messages.id")
            .where("receipt.agent", "=", agent),
        ),
      ),
    )
    .orderBy("number", "desc")
    .limit(INBOX_MESSAGES)
    .execute();
  return rows.toReversed();
}

async function takeInbox(
  tx: Tx,
  emit: Emit,
  { task, turnId }: { readonly task: OpenedTask; readonly turnId: string },
): Promise<void> {
  const own = await tx
    .selectFrom("team_messages")
    .select("id")
    .where("task_id", "=", task.id)
    .where("target", "=", task.agent)
    .where("type", "in", ["task", "handoff", "query"])
    .execute();
  for (const { id } of [...(await readInbox(tx, task.agent)), ...own]) {
    await takeTeamMessage(tx, emit, { id, agent: task.agent, turnId });
  }
}

/**
 * The exchanges before. Old ones are left out many at a time, not one with each turn, so that the conversation begins in
 * the same words most of the time and is read from the model's cache.
 */
async function readHistory(tx: Tx, task: OpenedTask): Promise<Turn["history"]> {
  const done = tx
    .selectFrom("tasks")
    .where("agent", "=", task.agent)
    .where("conversation_id", "=", task.conversation_id)
    .where("number", "<", task.number)
    .where("state", "=", "done")
    .where("phase", "is", null)
    .where("result", "!=", "");
  const { count } = await done.select((tasks) => tasks.fn.countAll<number>().as("count")).executeTakeFirstOrThrow();
  const left = Math.max(0, Math.floor(count / HISTORY_PAIRS) - 1) * HISTORY_PAIRS;
  const pairs = await done.select(["request", "result"]).orderBy("number").offset(left).execute();
  return pairs.flatMap(({ request, result }) => [
    { role: "user" as const, content: request },
    { role: "assistant" as const, content: result },
  ]);
}

function selectTurns(db: Pick<Tx, "selectFrom">) {
  return db
    .selectFrom("turns")
    .innerJoin("tasks", "tasks.id", "turns.task_id")
    .select(["turns.id", "turns.agent", "turns.history", "turns.request as ownRequest"])
    .select(["tasks.id as taskId", "tasks.conversation_id as conversationId", "tasks.request", "tasks.origin as from"])
    .select(["tasks.mode", "tasks.wanted_output as output", "tasks.repository"]);
}

type TurnRow = Omit<AgentTurn, "worktree"> & {
  readonly ownRequest: string | null;
  readonly repository: string | null;
};

function toTurn({ ownRequest, repository, ...row }: TurnRow): AgentTurn {
  const worktree = repository === null ? null : worktreeOf(row.taskId, repository);
  return { ...row, worktree, request: ownRequest ?? row.request };
}

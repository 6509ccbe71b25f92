import type { AgentName } from "../../contract/agents.ts";
import type { Turn } from "../../contract/console-api.ts";
import { AppError, toWireError } from "../../contract/errors.ts";
import type { Task } from "../../contract/tasks.ts";
import type { EventFeed } from "../events/event-feed.ts";
import { waitFor } from "../events/wait-for.ts";
import type { Store, Tx } from "../store/open-store.ts";
import { toTask } from "../store/rows.ts";
import { endTask, moveTask } from "../store/task-changes.ts";
import type { Consoles } from "./consoles.ts";

export interface TurnParts {
  readonly store: Store;
  readonly feed: EventFeed;
  readonly consoles: Consoles;
}

const HISTORY_PAIRS = 20;
const CANCELLED_LATELY_MS = 3_600_000;
const INTERRUPT_MS = 10_000;

/**
 * Makes sure that the task's turn runs on its agent's console and waits for the end of the task. May be called again
 * at any time, by another process too: the turn goes on where it is.
 */
export async function runTurn(parts: TurnParts, taskId: string, signal: AbortSignal): Promise<void> {
  const turn = await parts.store.change(async (tx) => await openTurn(tx, taskId), signal);
  if (!turn) return;
  await deliverTurn(parts, turn, signal);
  const task = await whenTaskEnded(parts, taskId, signal);
  if (task.state === "cancelled") {
    parts.consoles.send(turn.agent, { type: "interrupt", turnId: turn.id });
    await parts.consoles.whenReleased(turn.id, INTERRUPT_MS);
  }
}

export interface AgentTurn extends Turn {
  readonly agent: AgentName;
}

/** Hands a turn to its console, if that is connected; else it is handed over when the console connects. */
export async function deliverTurn(parts: TurnParts, turn: AgentTurn, signal?: AbortSignal): Promise<void> {
  if (!parts.consoles.isConnected(turn.agent)) return;
  await parts.store.change(async (tx, emit) => {
    const task = await tx.selectFrom("tasks").select("state").where("id", "=", turn.taskId).executeTakeFirst();
    if (task?.state === "queued") await moveTask(tx, emit, { id: turn.taskId, to: "running" });
  }, signal);
  const { agent, ...order } = turn;
  parts.consoles.send(agent, { type: "turn", turn: order });
}

export async function readOpenTurns(store: Store, agent: AgentName, signal?: AbortSignal): Promise<AgentTurn[]> {
  const rows = await store.read(
    async (db) => await selectTurns(db).where("turns.agent", "=", agent).where("turns.ended_at", "is", null).execute(),
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

/** Resolves with the task once it has ended. */
export async function whenTaskEnded(
  { store, feed }: Pick<TurnParts, "store" | "feed">,
  taskId: string,
  signal?: AbortSignal,
): Promise<Task> {
  return await waitFor(feed, {
    matches: (event) => event.type === "task_changed" && event.task.id === taskId && event.task.endedAt !== null,
    async read() {
      const row = await store.read(
        async (db) => await db.selectFrom("tasks").selectAll().where("id", "=", taskId).executeTakeFirst(),
        signal,
      );
      if (!row) throw new AppError("app.not_found", `There is no task ${taskId}`);
      return row.ended_at === null ? null : toTask(row);
    },
    signal,
  });
}

/** For work that cannot go on for a reason of ours. */
export async function failTask(store: Store, taskId: string, error: unknown): Promise<void> {
  const end = { state: "failed", result: null, error: toWireError(error), simulated: false } as const;
  await store.change(async (tx, emit, audit) => {
    const ended = await endTask(tx, emit, { id: taskId, ...end });
    if (ended) audit({ kind: "task_ended", agent: ended.agent, taskId, detail: { state: "failed", error: end.error } });
  }, new AbortController().signal);
}

/** Null when the task has ended. */
async function openTurn(tx: Tx, taskId: string): Promise<AgentTurn | null> {
  const task = await tx.selectFrom("tasks").selectAll().where("id", "=", taskId).forUpdate().executeTakeFirst();
  if (!task || task.ended_at !== null) return null;
  const turnId = `${taskId}.1`;
  const existing = await selectTurns(tx).where("turns.id", "=", turnId).executeTakeFirst();
  if (existing) return toTurn(existing);
  const history = await readHistory(tx, task);
  await tx
    .insertInto("turns")
    .values({ id: turnId, task_id: taskId, agent: task.agent, history: JSON.stringify(history) })
    .execute();
  return toTurn(await selectTurns(tx).where("turns.id", "=", turnId).executeTakeFirstOrThrow());
}

interface HistoryPlace {
  readonly agent: AgentName;
  readonly conversation_id: string;
  readonly number: number;
}

async function readHistory(tx: Tx, task: HistoryPlace): Promise<Turn["history"]> {
  const pairs = await tx
    .selectFrom("tasks")
    .select(["request", "result"])
    .where("agent", "=", task.agent)
    .where("conversation_id", "=", task.conversation_id)
    .where("number", "<", task.number)
    .where("state", "=", "done")
    .where("result", "!=", "")
    .orderBy("number", "desc")
    .limit(HISTORY_PAIRS)
    .execute();
  return pairs.toReversed().flatMap(({ request, result }) => [
    { role: "user" as const, content: request },
    { role: "assistant" as const, content: result },
  ]);
}

function selectTurns(db: Pick<Tx, "selectFrom">) {
  return db
    .selectFrom("turns")
    .innerJoin("tasks", "tasks.id", "turns.task_id")
    .select([
      "turns.id",
      "turns.agent",
      "turns.history",
      "tasks.id as taskId",
      "tasks.conversation_id as conversationId",
      "tasks.request",
      "tasks.origin as from",
    ]);
}

type TurnRow = AgentTurn;

function toTurn(row: TurnRow): AgentTurn {
  return { ...row };
}

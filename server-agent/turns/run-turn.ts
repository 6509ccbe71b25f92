import type { AgentName } from "../../contract/agents.ts";
import type { AgentProfile } from "../../contract/console-api.ts";
import { AppError, toWireError } from "../../contract/errors.ts";
import type { Task } from "../../contract/tasks.ts";
import type { EventFeed } from "../events/event-feed.ts";
import { waitFor } from "../events/wait-for.ts";
import type { Store } from "../store/open-store.ts";
import { toTask } from "../store/rows.ts";
import { endTask } from "../store/task-changes.ts";
import type { Consoles } from "./consoles.ts";

export interface TurnParts {
  readonly store: Store;
  readonly feed: EventFeed;
  readonly consoles: Consoles;
  readonly definitions: { profileOf(agent: AgentName): AgentProfile };
}

/** Waits for the end of the task; the dispatcher hands it out. May be called again at any time, by another process too. */
export async function runTask(parts: TurnParts, taskId: string, signal: AbortSignal): Promise<void> {
  await whenTaskEnded(parts, taskId, signal);
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

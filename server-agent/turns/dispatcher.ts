import { AgentName } from "../../contract/agents.ts";
import type { AgentProfile } from "../../contract/console-api.ts";
import type { EventFeed } from "../events/event-feed.ts";
import type { Log } from "../platform/log.ts";
import { pause } from "../platform/wait.ts";
import type { Store, Tx } from "../store/open-store.ts";
import { moveTask } from "../store/task-changes.ts";
import type { Consoles } from "./consoles.ts";
import { type AgentTurn, openTurn } from "./open-turn.ts";

export interface DispatcherParts {
  readonly store: Store;
  readonly feed: EventFeed;
  readonly consoles: Consoles;
  readonly log: Log;
  readonly definitions: {
    /** `concurrency`: how many tasks an agent may work on at once; those that wait for others do not count. */
    get(agent: AgentName): { readonly settings: { readonly concurrency: number } };
    profileOf(agent: AgentName): AgentProfile;
    onChanged(listener: (agents: readonly AgentName[]) => void): void;
  };
}

/** Hands waiting tasks to their agents: by priority, then in the order they came, as many at once as an agent may. */
export interface Dispatcher {
  close(): void;
}

const RETRY_MS = 500;
const INTERRUPT_MS = 10_000;

export function startDispatcher(parts: DispatcherParts): Dispatcher {
  const { feed, consoles, log } = parts;
  const closing = new AbortController();
  const wanted = new Set<AgentName>();
  const working = new Set<AgentName>();

  const work = async (agent: AgentName): Promise<void> => {
    if (working.has(agent)) return;
    working.add(agent);
    while (wanted.delete(agent) && !closing.signal.aborted) {
      try {
        while (await startNext(parts, agent)) continue;
      } catch (error) {
        log.warn("cannot hand out work", { agent, error });
        wanted.add(agent);
        await pause(RETRY_MS, closing.signal);
      }
    }
    working.delete(agent);
  };
  const wake = (agent: AgentName): void => {
    wanted.add(agent);
    void work(agent);
  };
  const stop = async (taskId: string): Promise<void> => {
    for (const { id, agent } of await readTurns(parts.store, taskId)) {
      consoles.send(agent, { type: "interrupt", turnId: id });
      await consoles.held.whenReleased(id, INTERRUPT_MS);
    }
  };
  const unsubscribe = feed.subscribe((event) => {
    if (event.type !== "task_changed") return;
    if (event.task.state === "cancelled")
      void stop(event.task.id).catch((error: unknown) => log.warn("cannot stop", { error }));
    // A task that ends or waits makes room, and a hand-off may have freed any agent.
    for (const agent of AgentName.options) wake(agent);
  });
  consoles.onChanged(wake);
  parts.definitions.onChanged((agents) => agents.forEach(wake));
  consoles.held.onReleased(wake);
  for (const agent of AgentName.options) wake(agent);
  return {
    close() {
      closing.abort();
      unsubscribe();
    },
  };
}

/** False when there is nothing to start, or no room. */
async function startNext({ store, consoles, definitions }: DispatcherParts, agent: AgentName): Promise<boolean> {
  if (!consoles.isConnected(agent)) return false;
  const held = consoles.held.of(agent);
  const turn = await store.change(async (tx, emit): Promise<AgentTurn | null> => {
    if ((await countBusy(tx, agent, held)) >= definitions.get(agent).settings.concurrency) return null;
    const task = await nextTask(tx, agent);
    if (!task) return null;
    await moveTask(tx, emit, { id: task.id, to: "running" });
    return await openTurn(tx, emit, task);
  });
  if (!turn) return false;
  const { agent: _, ...order } = turn;
  consoles.send(agent, { type: "turn", turn: { ...order, profile: definitions.profileOf(agent) } });
  return true;
}

/** Tasks that run, and turns that have been ended from outside but still hold the console. */
async function countBusy(tx: Tx, agent: AgentName, held: readonly string[]): Promise<number> {
  const { running } = await tx
    .selectFrom("tasks")
    .select((task) => task.fn.countAll<number>().as("running"))
    .where("agent", "=", agent)
    .where("state", "=", "running")
    .executeTakeFirstOrThrow();
  if (held.length === 0) return running;
  const { ending } = await tx
    .selectFrom("turns")
    .select((turn) => turn.fn.countAll<number>().as("ending"))
    .where("id", "in", held)
    .where("ended_at", "is not", null)
    .executeTakeFirstOrThrow();
  return running + ending;
}

/**
 * What people ask of an agent in one conversation is done one after the other, also while the first waits for others.
 * One that rests, perhaps until tomorrow, holds nothing up.
 */
async function nextTask(tx: Tx, agent: AgentName) {
  return await tx
    .selectFrom("tasks")
    .selectAll()
    .where("agent", "=", agent)
    .where("state", "=", "queued")
    .where((task) =>
      task.or([
        task("parent_id", "is not", null),
        task.not(
          task.exists(
            task
              .selectFrom("tasks as earlier")
              .select("earlier.id")
              .whereRef("earlier.agent", "=", "tasks.agent")
              .whereRef("earlier.conversation_id", "=", "tasks.conversation_id")
              .where("earlier.parent_id", "is", null)
              .where("earlier.state", "in", ["running", "waiting"])
              .where("earlier.rest_reason", "is", null),
          ),
        ),
      ]),
    )
    .orderBy("priority", "desc")
    .orderBy("number")
    .limit(1)
    .forUpdate()
    .executeTakeFirst();
}

async function readTurns(store: Store, taskId: string): Promise<{ id: string; agent: AgentName }[]> {
  return await store.read(
    async (db) => await db.selectFrom("turns").select(["id", "agent"]).where("task_id", "=", taskId).execute(),
  );
}

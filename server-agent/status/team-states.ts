import { type AgentHold, AgentName, type AgentStatus, type Level } from "../../contract/agents.ts";
import type { Task } from "../../contract/tasks.ts";
import type { LiveEvent } from "../bus/live-bus.ts";
import type { EventFeed } from "../events/event-feed.ts";
import type { Store } from "../store/open-store.ts";
import { toTask } from "../store/rows.ts";

/** What each agent is doing, from its connection, its task and its console's own words. */
export interface TeamStates {
  list(): AgentStatus[];
  setActivity(agent: AgentName, text: string): void;
  onChanged(listener: (event: LiveEvent) => void): void;
}

export interface TeamParts {
  readonly store: Store;
  readonly feed: EventFeed;
  readonly consoles: {
    isConnected(agent: AgentName): boolean;
    onChanged(listener: (agent: AgentName) => void): void;
  };
  readonly health: {
    answers(agent: AgentName): boolean;
    holdOf(agent: AgentName): AgentHold | undefined;
    onChanged(listener: (agent: AgentName) => void): void;
  };
  readonly definitions: {
    get(agent: AgentName): { readonly settings: { readonly level: Level } };
    onChanged(listener: (agents: readonly AgentName[]) => void): void;
  };
}

interface Doing {
  /** Started and not ended, in the order they were started. */
  readonly tasks: readonly Pick<Task, "id" | "state">[];
  readonly activity: string | null;
  readonly at: string | null;
}

const NOTHING: Doing = { tasks: [], activity: null, at: null };

export async function openTeamStates({ store, feed, consoles, health, definitions }: TeamParts): Promise<TeamStates> {
  const doing = new Map<AgentName, Doing>();
  const listeners: ((event: LiveEvent) => void)[] = [];
  const status = (name: AgentName): AgentStatus => {
    const { level } = definitions.get(name).settings;
    const isThere = consoles.isConnected(name) && health.answers(name);
    return toStatus({ name, level, isThere, hold: health.holdOf(name) }, doing.get(name));
  };
  const tell = (agent: AgentName): void => {
    for (const listener of listeners) listener({ type: "agent_changed", agent: status(agent) });
  };
  const change = (agent: AgentName, next: Partial<Doing>): void => {
    const before = status(agent);
    doing.set(agent, { ...NOTHING, ...doing.get(agent), at: new Date().toISOString(), ...next });
    if (!isSame(before, status(agent))) tell(agent);
  };

  const noteTask = (task: Task): void => {
    // A task that was handed on is no longer the work of the agent before.
    for (const agent of AgentName.options) {
      const before = doing.get(agent)?.tasks ?? [];
      const others = before.filter(({ id }) => id !== task.id);
      const isWorkedOn = agent === task.agent && (task.state === "running" || task.state === "waiting");
      if (!isWorkedOn && others.length === before.length) continue;
      const tasks = isWorkedOn ? [...others, task] : others;
      const activity = isWorkedOn ? task.rest?.reason.message : undefined;
      change(agent, { tasks, ...(tasks.length === 0 && { activity: null }), ...(activity && { activity }) });
    }
  };
  feed.subscribe((event) => {
    if (event.type === "task_changed") noteTask(event.task);
  });
  consoles.onChanged(tell);
  health.onChanged(tell);
  definitions.onChanged((agents) => agents.forEach(tell));
  for (const task of await readStartedTasks(store)) noteTask(task);
  return {
    list: () => AgentName.options.map(status),
    setActivity: (agent, text) => change(agent, { activity: text.slice(0, 200) }),
    onChanged: (listener) => listeners.push(listener),
  };
}

interface Known extends Pick<AgentStatus, "name" | "level" | "hold"> {
  readonly isThere: boolean;
}

function toStatus(known: Known, { tasks, activity, at }: Doing = NOTHING): AgentStatus {
  const { name, level, hold } = known;
  const task = tasks.findLast(({ state }) => state === "running") ?? tasks.at(-1);
  return {
    name,
    level,
    state: stateOf(known, task?.state),
    ...(hold && { hold }),
    taskId: task?.id ?? null,
    activity: task ? activity : null,
    lastActivityAt: at,
  };
}

function stateOf({ isThere, hold }: Known, task: Task["state"] | undefined): AgentStatus["state"] {
  if (hold) return "held";
  if (!isThere) return "offline";
  if (task === undefined) return "idle";
  return task === "waiting" ? "waiting" : "working";
}

function isSame(before: AgentStatus, after: AgentStatus): boolean {
  return before.state === after.state && before.taskId === after.taskId && before.activity === after.activity;
}

async function readStartedTasks(store: Store): Promise<Task[]> {
  const rows = await store.read(
    async (db) =>
      await db
        .selectFrom("tasks")
        .selectAll()
        .where("ended_at", "is", null)
        .where("state", "in", ["running", "waiting"])
        .execute(),
  );
  return rows.map(toTask);
}

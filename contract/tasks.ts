import { z } from "zod";
import { AgentName } from "./agents.ts";
import { AlgorithmRun, Phase } from "./algorithm.ts";
import { api } from "./api-base.ts";
import { WireError } from "./errors.ts";
import { Priority } from "./team-messages.ts";

/** `waiting`: for another agent or a person. `paused`: a person stopped it for a while. */
export const TaskState = z.enum(["queued", "running", "waiting", "paused", "done", "failed", "cancelled"]);
export type TaskState = z.infer<typeof TaskState>;

/** Why a task waits although nobody has been asked anything, and when it goes on by itself. */
export const Rest = z.object({
  reason: WireError,
  /** Null: when the reason is gone. */
  until: z.iso.datetime().nullable(),
});
export type Rest = z.infer<typeof Rest>;

/** Work given to one agent. A task that another agent delegated names its parent. */
export const Task = z.object({
  id: z.string(),
  parentId: z.string().nullable(),
  conversationId: z.string(),
  agent: AgentName,
  /** What was asked, whole. */
  request: z.string(),
  priority: Priority,
  /** Of its parent's run, when this is a part of one. */
  phase: Phase.nullable(),
  /** The git repository, relative to the workspace, that it changes in a worktree of its own. */
  repository: z.string().nullable(),
  state: TaskState,
  result: z.string().nullable(),
  error: WireError.nullable(),
  /** Only while the task is `waiting` for a budget or for a limit of the model's provider. */
  rest: Rest.optional(),
  /** True when the simulated model did (part of) the work. */
  simulated: z.boolean(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
});
export type Task = z.infer<typeof Task>;

/**
 * What a queued task waits for, as the daemon gives out work: what its agent works at, and what it was asked before in
 * the same conversation, also while that waits for others. What is paused or rests holds nothing up. Empty for a task
 * that is about to begin.
 */
export function tasksBefore({ agent, conversationId, parentId, state }: Task, all: readonly Task[]): Task[] {
  if (state !== "queued") return [];
  const isAsked = (other: Task) => other.parentId === null && other.conversationId === conversationId;
  return all.filter(
    (other) =>
      other.agent === agent &&
      !other.rest &&
      (other.state === "running" || (other.state === "waiting" && parentId === null && isAsked(other))),
  );
}

/** One use of a tool by an agent. `unknown`: its process died while it ran, so its outcome must be checked. */
export const ToolCall = z.object({
  id: z.string(),
  taskId: z.string(),
  conversationId: z.string(),
  agent: AgentName,
  tool: z.string(),
  /** One line for people: the path, the command, the agent asked. */
  summary: z.string(),
  state: z.enum(["running", "done", "failed", "unknown"]),
  /** At most 8,000 characters of what it returned. */
  output: z.string(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
});
export type ToolCall = z.infer<typeof ToolCall>;

export const tasks = {
  /** Newest first. */
  list: api.input(z.object({ limit: z.number().int().min(1).max(500).default(50) })).output(z.array(Task)),
  show: api.input(z.object({ id: z.string() })).output(
    z.object({
      task: Task,
      children: z.array(Task),
      calls: z.array(ToolCall),
      /** The task's way through the Algorithm, when it is worked on so. */
      run: AlgorithmRun.nullable(),
    }),
  ),
  /** Stops the task and its children; a running command is stopped too. */
  cancel: api.input(z.object({ id: z.string() })).output(Task),
  /** Lets the task and what it gave away stop where nothing is lost: a running command ends, a model's answer is asked for again. */
  pause: api.input(z.object({ id: z.string() })).output(Task),
  resume: api.input(z.object({ id: z.string() })).output(Task),
  /** A waiting task starts before those of lower priority. */
  prioritize: api.input(z.object({ id: z.string(), priority: Priority })).output(Task),
  /** Tells the agent something while it works. `id` is made by the caller; twice is once. After its end it is a new task. */
  steer: api
    .input(z.object({ id: z.string().min(8).max(64), taskId: z.string(), text: z.string().trim().min(1).max(100_000) }))
    .output(z.object({ taskId: z.string() })),
};

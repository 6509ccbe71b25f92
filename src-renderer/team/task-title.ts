import type { Task } from "../../contract/tasks.ts";

/** What a task is about, in a line. What the agent of a phase is told is long and much the same for all. */
export function taskTitle({ phase, request }: Pick<Task, "phase" | "request">): string {
  if (phase === null) return request;
  return phase === "EXECUTE" ? (request.split("\n", 1)[0] ?? "") : phase;
}

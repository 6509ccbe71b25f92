import type { TaskState } from "../../contract/tasks.ts";
import type { Mark } from "../ui/state-mark.tsx";

export const TASK_MARKS: Record<TaskState, Mark> = {
  queued: "idle",
  running: "working",
  waiting: "waiting",
  paused: "stopped",
  done: "ok",
  failed: "failed",
  cancelled: "stopped",
};

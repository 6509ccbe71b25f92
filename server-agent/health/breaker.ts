/** The end of a console that nobody asked for. */
export interface Death {
  readonly at: Date;
  /** Such as `signal 9`. */
  readonly how: string;
  readonly taskIds: readonly string[];
}

const MANY = 5;
const MANY_WITHIN_MS = 5 * 60_000;
const SAME_TASK = 3;
const SAME_TASK_WITHIN_MS = 24 * 3_600_000;

/** How far back deaths count. */
export const COUNTED_MS = SAME_TASK_WITHIN_MS;

/** Why an agent with these deaths must not be started again by itself; null when it may. Newest first. */
export function holdReason(deaths: readonly Death[], now: Date): string | null {
  const since = (ms: number): readonly Death[] => deaths.filter(({ at }) => now.getTime() - at.getTime() <= ms);
  const last = deaths[0]?.how ?? "";
  const many = since(MANY_WITHIN_MS).length;
  if (many >= MANY) return `Its console ended ${many} times within five minutes, last with ${last}.`;
  const recent = since(SAME_TASK_WITHIN_MS);
  const tasks = new Set(recent.flatMap(({ taskIds }) => taskIds));
  for (const task of tasks) {
    const times = recent.filter(({ taskIds }) => taskIds.includes(task)).length;
    if (times >= SAME_TASK)
      return `Its console ended ${times} times while it worked on the task ${task}, last with ${last}.`;
  }
  return null;
}

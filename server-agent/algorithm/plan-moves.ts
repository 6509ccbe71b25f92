interface Step {
  readonly id: string;
  readonly dependsOn: readonly string[];
}

export type StepState = "open" | "done" | "failed" | "cancelled";

export interface PlanMoves<S> {
  /** Everything they depend on is done. */
  readonly ready: readonly S[];
  /** Will never run, because a step they depend on was not done. */
  readonly skipped: readonly S[];
  readonly isOver: boolean;
}

/** What can be done next of a plan; `stateOf` gives null for a step that has not been started. */
export function planMoves<S extends Step>(
  steps: readonly S[],
  stateOf: (id: string) => StepState | null,
): PlanMoves<S> {
  const lost = new Set<string>();
  const isLost = (id: string): boolean => lost.has(id) || ["failed", "cancelled"].includes(stateOf(id) ?? "");
  for (let before = -1; before !== lost.size;) {
    before = lost.size;
    for (const { id, dependsOn } of steps) if (stateOf(id) === null && dependsOn.some(isLost)) lost.add(id);
  }
  const waiting = steps.filter(({ id }) => stateOf(id) === null && !lost.has(id));
  const ready = waiting.filter(({ dependsOn }) => dependsOn.every((id) => stateOf(id) === "done"));
  const isOver = waiting.length === 0 && steps.every(({ id }) => stateOf(id) !== "open");
  return { ready, skipped: steps.filter(({ id }) => lost.has(id)), isOver };
}

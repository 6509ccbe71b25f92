interface Step {
  readonly id: string;
  readonly dependsOn: readonly string[];
}

/** Why these steps are no plan: an id twice, an unknown one, or steps that wait for each other; null for a good plan. */
export function planFault(steps: readonly Step[]): string | null {
  const ids = steps.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) return `Two steps are called ${twice}`;
  const unknown = steps.flatMap(({ dependsOn }) => dependsOn).find((id) => !ids.includes(id));
  if (unknown !== undefined) return `There is no step ${unknown} to depend on`;
  const done = new Set<string>();
  for (;;) {
    const next = steps.filter(({ id, dependsOn }) => !done.has(id) && dependsOn.every((before) => done.has(before)));
    if (next.length === 0) break;
    for (const { id } of next) done.add(id);
  }
  const stuck = ids.filter((id) => !done.has(id));
  return stuck.length > 0 ? `These steps wait for each other: ${stuck.join(", ")}` : null;
}

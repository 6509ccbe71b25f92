import type { Plan, PlannedStep } from "../../contract/provision.ts";
import type { Screen } from "./screen.ts";

export function printPlan(screen: Screen, plan: Plan): void {
  const { facts, steps, blockers } = plan;
  screen.event({ type: "planned", plan });
  screen.print(
    `${facts.system}, ${facts.architecture}, ${facts.cores} cores, ${facts.memoryMb} MB memory, as ${facts.user}`,
  );
  for (const step of steps) {
    screen.print(`${wordFor(step)}  ${step.title}`);
    for (const change of step.changes) screen.print(`          ${change}`);
    if (step.note) screen.print(`          ${step.note}`);
  }
  for (const blocker of blockers) screen.print(`cannot: ${blocker.message}`);
}

function wordFor({ state, isLeftOut }: PlannedStep): string {
  if (isLeftOut) return "  out ";
  return state === "needed" ? "change" : "   ok ";
}

import type { RunEvent, RunResult } from "../../contract/provision.ts";
import type { Screen } from "./screen.ts";

/** Prints the events of one run as they come. */
export function createRunView(screen: Screen): (event: RunEvent) => void {
  const titles = new Map<string, string>();
  return (event) => {
    screen.event(event);
    show(screen, event, titles);
  };
}

function show(screen: Screen, event: RunEvent, titles: Map<string, string>): void {
  switch (event.type) {
    case "planned":
      for (const { id, title } of event.plan.steps) titles.set(id, title);
      return;
    case "joined":
      return screen.note(`${event.who} has been at this since ${event.since}. What follows is that run.`);
    case "step_started":
      return screen.note(`…  ${titles.get(event.id) ?? event.id}`);
    case "step_log":
      return screen.note(`   ${event.line}`);
    case "step_progress":
      return;
    case "step_ended": {
      const { id, state, ms } = event.result;
      return screen.print(`${MARKS[state]}  ${titles.get(id) ?? id} (${(ms / 1000).toFixed(1)} s)`);
    }
    case "ended":
      if (event.result.ok) screen.print(summary(event.result));
  }
}

const MARKS = {
  changed: "✓ changed  ",
  unchanged: "✓ unchanged",
  failed: "✗ failed   ",
  skipped: "- skipped  ",
} as const;

function summary({ changed }: RunResult): string {
  return changed === 0 ? "Nothing needed to change." : `Done: ${changed} ${changed === 1 ? "step" : "steps"} changed.`;
}

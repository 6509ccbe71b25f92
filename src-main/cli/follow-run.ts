import { AppError } from "../../contract/errors.ts";
import type { RunEvent, RunResult } from "../../contract/provision.ts";
import type { Context } from "./context.ts";
import type { Screen } from "./screen.ts";

/** Shows a run as it happens, to its end. Ctrl-C stops the run cleanly, and its end is still waited for. */
export async function followRun(context: Context, serverId: string): Promise<RunResult> {
  const { client } = context.host;
  const cancel = () => {
    context.screen.note("Stopping cleanly …");
    void client.provision.cancel({ serverId });
  };
  context.signal.addEventListener("abort", cancel, { once: true });
  try {
    const titles = new Map<string, string>();
    for await (const event of await client.provision.follow({ serverId, after: 0 })) {
      context.screen.event(event);
      show(context.screen, event, titles);
      if (event.type === "ended") return event.result;
    }
  } finally {
    context.signal.removeEventListener("abort", cancel);
  }
  throw new AppError("app.internal", "The run ended without a result");
}

function show(screen: Screen, event: RunEvent, titles: Map<string, string>): void {
  switch (event.type) {
    case "planned":
      for (const { id, title } of event.plan.steps) titles.set(id, title);
      return;
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

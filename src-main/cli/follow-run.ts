import { AppError } from "../../contract/errors.ts";
import type { RunResult } from "../../contract/provision.ts";
import type { Context } from "./context.ts";
import { createRunView } from "./show-run.ts";

/** Shows a run as it happens, to its end. Ctrl-C stops the run cleanly, and its end is still waited for. */
export async function followRun(context: Context, serverId: string): Promise<RunResult> {
  const { client } = context.host;
  const cancel = () => {
    context.screen.note("Stopping cleanly …");
    void client.provision.cancel({ serverId });
  };
  context.signal.addEventListener("abort", cancel, { once: true });
  try {
    const show = createRunView(context.screen);
    for await (const event of await client.provision.follow({ serverId, after: 0 })) {
      show(event);
      if (event.type === "ended") return event.result;
    }
  } finally {
    context.signal.removeEventListener("abort", cancel);
  }
  throw new AppError("app.internal", "The run ended without a result");
}

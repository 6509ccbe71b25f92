import { openHooks } from "../hooks/open-hooks.ts";
import type { Sessions } from "../hooks/sessions.ts";
import { sessionPlace, type Session } from "./session-place.ts";

/** Tells hooks that all sessions of this console end. Throws when `signal` aborts. */
export async function endSessions(
  sessions: Sessions,
  console: Pick<Session, "agent" | "config">,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    sessions.list().map(async (session) => {
      const hooks = await openHooks(sessionPlace({ ...console, ...session, messages: () => [] }));
      await hooks.run({ hook_event_name: "SessionEnd", reason: "other" }, signal);
    }),
  );
}

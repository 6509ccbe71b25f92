import { agents } from "./agent-settings.ts";
import { approvals } from "./approvals.ts";
import { audit } from "./audit.ts";
import { chat } from "./chat.ts";
import { events } from "./events.ts";
import { grants } from "./grants.ts";
import { health } from "./health.ts";
import { snapshots } from "./snapshots.ts";
import { spend } from "./spend.ts";
import { status } from "./status.ts";
import { tasks } from "./tasks.ts";
import { teamMessages } from "./team-messages.ts";

/** Answered by the daemon on `/run/ai-infrastructure/api.sock`; the host forwards its frames unopened. */
export const DaemonApi = {
  agents,
  approvals,
  audit,
  chat,
  events,
  grants,
  health,
  snapshots,
  spend,
  status,
  tasks,
  teamMessages,
};

import type { Plan, Wishes } from "../../contract/provision.ts";
import type { ServerOverview } from "../../contract/server-overview.ts";
import { readFacts } from "../../provisioning/facts.ts";
import { readOverview } from "../../provisioning/overview.ts";
import { makePlan } from "../../provisioning/plan.ts";
import { releaseId } from "../../provisioning/release.ts";
import { survivingCuts } from "../../provisioning/survive-cuts.ts";
import type { Release } from "../../provisioning/wanted.ts";
import type { createLastFacts } from "./last-facts.ts";
import { reach, type RunsParts } from "./runs.ts";
import { wantedOf } from "./wanted-of.ts";
import { within } from "./within.ts";

const OVERVIEW_DEADLINE_MS = 60_000;
const PLAN_DEADLINE_MS = 120_000;

interface OnServer {
  readonly serverId: string;
}

interface Wished extends OnServer {
  readonly wishes: Wishes;
}

export interface ReadingParts extends Pick<RunsParts, "whenOnline"> {
  /** What goes to servers; asked for when it is needed first. */
  release(): Promise<Release>;
}

/** What is read of a server and changes nothing there. */
export function createReadings(parts: ReadingParts, lastFacts: Pick<ReturnType<typeof createLastFacts>, "keep">) {
  return {
    async plan({ serverId, wishes }: Wished, caller?: AbortSignal): Promise<Plan> {
      const signal = within(PLAN_DEADLINE_MS, caller);
      const wanted = await wantedOf(parts, wishes);
      const facts = await survivingCuts(reach(parts, serverId, signal), (shell) =>
        readFacts(shell, { signal, wishes }),
      );
      lastFacts.keep(serverId, facts);
      return makePlan(serverId, facts, wanted);
    },

    async overview({ serverId }: OnServer, caller?: AbortSignal): Promise<ServerOverview> {
      const signal = within(OVERVIEW_DEADLINE_MS, caller);
      const id = releaseId(await parts.release());
      return survivingCuts(reach(parts, serverId, signal), (shell) => readOverview(shell, id, { signal }));
    },
  };
}

import { type AgentHold, AgentName } from "../../contract/agents.ts";
import type { DaemonConfig } from "../../contract/daemon-config.ts";
import { AppError } from "../../contract/errors.ts";
import type { Log } from "../platform/log.ts";
import type { Store } from "../store/open-store.ts";
import { holdWindow, releaseWindow } from "../team/panes.ts";
import { type ConsoleDeath, endHold, keepHold, readHolds, recordDeath } from "./holds.ts";

export interface HoldsParts {
  readonly config: Pick<DaemonConfig, "mode" | "runDir">;
  readonly log: Log;
  readonly store: Store;
  readonly onChanged: (agent: AgentName) => void;
}

/** The agents that are stopped until a person starts them. */
export interface Holds {
  of(agent: AgentName): AgentHold | undefined;
  /** Refuses a console that must not run, and ends it. */
  admit(agent: AgentName): void;
  died(death: ConsoleDeath): Promise<void>;
  start(agent: AgentName): Promise<void>;
  keepStopped(agent: AgentName): Promise<void>;
}

export async function openHolds({ config, log, store, onChanged }: HoldsParts): Promise<Holds> {
  let holds = await readHolds(store);
  const refresh = async (): Promise<void> => {
    const before = holds;
    holds = await readHolds(store);
    for (const agent of AgentName.options) {
      if (before.get(agent)?.kept !== holds.get(agent)?.kept) onChanged(agent);
    }
  };
  return {
    of: (agent) => holds.get(agent),
    admit(agent) {
      const hold = holds.get(agent);
      if (!hold) return;
      holdWindow(config, agent).catch((error: unknown) => log.warn("cannot hold a console", { agent, error }));
      throw new AppError("daemon.unhealthy", `The agent ${agent} is held. ${hold.reason}`, {
        hint: `Start it again in the app or with: ai-infra agents start ${agent}`,
      });
    },
    async died(death) {
      await recordDeath(store, death);
      await refresh();
      if (holds.has(death.agent)) await holdWindow(config, death.agent);
    },
    async start(agent) {
      await endHold(store, agent);
      await refresh();
      await releaseWindow(config, agent);
    },
    async keepStopped(agent) {
      await keepHold(store, agent);
      await refresh();
    },
  };
}

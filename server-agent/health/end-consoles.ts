import type { AgentName } from "../../contract/agents.ts";
import type { DaemonConfig } from "../../contract/daemon-config.ts";
import type { Log } from "../platform/log.ts";
import { endConsole } from "../team/panes.ts";

/** Ends consoles that hang, and remembers why until their end is recorded. */
export interface ConsoleEnder {
  end(agent: AgentName, reason: string): Promise<void>;
  isEnding(agent: AgentName): boolean;
  /** Why we ended it; undefined when we did not. Told once. */
  takeReason(agent: AgentName): string | undefined;
}

export function createConsoleEnder(config: Pick<DaemonConfig, "mode" | "runDir">, log: Log): ConsoleEnder {
  const reasons = new Map<AgentName, string>();
  return {
    async end(agent, reason) {
      reasons.set(agent, reason);
      try {
        const isEnded = await endConsole(config, agent);
        if (isEnded) log.warn("ended a console, which starts again", { agent, reason });
        else reasons.delete(agent);
      } catch (error) {
        reasons.delete(agent);
        log.warn("cannot end a console", { agent, reason, error });
      }
    },
    isEnding: (agent) => reasons.has(agent),
    takeReason(agent) {
      const reason = reasons.get(agent);
      reasons.delete(agent);
      return reason;
    },
  };
}

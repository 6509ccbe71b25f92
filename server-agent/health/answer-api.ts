import { implement } from "@orpc/server";
import { type AgentUse, health } from "../../contract/health.ts";
import type { Health } from "./open-health.ts";

export interface HealthApi extends Pick<Health, "start" | "keepStopped"> {
  readonly readUsage: () => Promise<AgentUse[]>;
}

/** Answers people who look at how the agents are, and start those that are held. */
export function healthHandlers({ start, keepStopped, readUsage }: HealthApi) {
  const os = implement(health);
  return {
    usage: os.usage.handler(async () => await readUsage()),
    start: os.start.handler(async ({ input }) => await start(input.name)),
    keepStopped: os.keepStopped.handler(async ({ input }) => await keepStopped(input.name)),
  };
}

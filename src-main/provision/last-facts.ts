import type { Facts } from "../../provisioning/facts.ts";

/** How long what a plan has read is good for the run that is started after it. */
const FRESH_MS = 20_000;

/** What was read of servers for their last plans. Each reading serves one run. */
export function createLastFacts(now: () => Date) {
  const known = new Map<string, { readonly facts: Facts; readonly at: number }>();
  return {
    keep(serverId: string, facts: Facts): void {
      known.set(serverId, { facts, at: now().getTime() });
    },
    /** Undefined when there is none or it is too old. */
    take(serverId: string): Facts | undefined {
      const last = known.get(serverId);
      known.delete(serverId);
      return last && now().getTime() - last.at < FRESH_MS ? last.facts : undefined;
    },
    /** After anything that may have changed the server. */
    forget: (serverId: string): void => void known.delete(serverId),
  };
}

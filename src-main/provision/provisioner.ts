import type { RunEvent, Wishes } from "../../contract/provision.ts";
import type { WebSearchWish } from "../../contract/web-search.ts";
import { storeModelKey } from "../../provisioning/model-key.ts";
import { storeWebSearch } from "../../provisioning/web-search.ts";
import { provisionServer, unprovisionServer } from "../../provisioning/run.ts";
import { survivingCuts } from "../../provisioning/survive-cuts.ts";
import { wantedOf } from "./wanted-of.ts";
import { createLastFacts } from "./last-facts.ts";
import { createReadings, type ReadingParts } from "./readings.ts";
import { within } from "./within.ts";
import { createRuns, reach } from "./runs.ts";
import type { RunsParts } from "./runs.ts";

export interface ProvisionerParts extends RunsParts, ReadingParts {
  setSudoPassword(serverId: string, password: string): void;
}

interface OnServer {
  readonly serverId: string;
}

interface Wished extends OnServer {
  readonly wishes: Wishes;
}

const MODEL_KEY_DEADLINE_MS = 180_000;

/** HostApi `provision`. */
export function createProvisioner(parts: ProvisionerParts) {
  const lastFacts = createLastFacts(parts.now);
  const runs = createRuns({ ...parts, changed: lastFacts.forget });
  return {
    ...createReadings(parts, lastFacts),

    async apply({ serverId, wishes }: Wished): Promise<void> {
      runs.start(serverId, "apply", async (run) => {
        const known = lastFacts.take(serverId);
        const wanted = await wantedOf(parts, wishes);
        const result = await provisionServer({ ...run, known }, wanted);
        return { result, provisioned: { at: parts.now().toISOString(), version: wanted.release.version } };
      });
    },

    async remove({ serverId }: OnServer): Promise<void> {
      runs.start(serverId, "remove", async (run) => ({ result: await unprovisionServer(run), provisioned: null }));
    },

    async *follow(from: OnServer & { readonly after: number }, signal?: AbortSignal): AsyncGenerator<RunEvent, void> {
      yield* runs.logOf(from.serverId).follow(from.after, signal);
    },

    async cancel({ serverId }: OnServer): Promise<void> {
      runs.cancel(serverId);
    },

    leave(serverId: string): void {
      runs.refuseWhileGoing(serverId);
      lastFacts.forget(serverId);
    },

    async setModelKey({ serverId, key }: OnServer & { readonly key: string }, caller?: AbortSignal): Promise<void> {
      const signal = within(MODEL_KEY_DEADLINE_MS, caller);
      await survivingCuts(reach(parts, serverId, signal), (shell) => storeModelKey(shell, key, signal));
      lastFacts.forget(serverId);
    },

    async setWebSearch({ serverId, ...wish }: OnServer & WebSearchWish, caller?: AbortSignal): Promise<void> {
      const signal = within(MODEL_KEY_DEADLINE_MS, caller);
      await survivingCuts(reach(parts, serverId, signal), (shell) => storeWebSearch(shell, wish, signal));
      lastFacts.forget(serverId);
    },

    async setSudoPassword({ serverId, password }: OnServer & { readonly password: string }): Promise<void> {
      lastFacts.forget(serverId);
      parts.setSudoPassword(serverId, password);
    },
  };
}

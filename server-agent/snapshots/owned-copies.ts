import type { AgentName } from "../../contract/agents.ts";
import type { OwnedCopiesInput } from "../../contract/broker.ts";
import { AppError } from "../../contract/errors.ts";
import type { KeepPlan } from "../../contract/keeping.ts";
import type { Log } from "../platform/log.ts";

/**
 * Copies that the broker makes beside an agent's own when files in it are not all the agent's: only root can give them back
 * to their owners, and only root's copy can be believed about them.
 */
export interface OwnedCopies {
  /** Never throws: without it, files come back as the agent's own. `of` is the snapshot's id. */
  keep(of: string, agent: AgentName, plan: KeepPlan): Promise<void>;
  /** False when there is none, or when it cannot be put back: then the agent puts back its own. */
  restore(of: string, signal?: AbortSignal): Promise<boolean>;
}

interface OwnedParts {
  readonly log: Pick<Log, "warn">;
  /** Asks the broker; throws what it refuses. */
  readonly ask: (input: OwnedCopiesInput, signal: AbortSignal) => Promise<unknown>;
}

const KEEP_MS = 30 * 60_000;

export function openOwnedCopies({ log, ask }: OwnedParts): OwnedCopies {
  return {
    async keep(of, agent, plan) {
      const places = placesOf(plan);
      if (places === null) return;
      const request = { action: "keep", of, agent, ...places } as const;
      await ask({ request }, AbortSignal.timeout(KEEP_MS)).catch((error: unknown) => {
        log.warn("the owners of files are not kept", { snapshot: of, error });
      });
    },
    async restore(of, signal = new AbortController().signal) {
      try {
        await ask({ request: { action: "restore", of } }, signal);
        return true;
      } catch (error) {
        signal.throwIfAborted();
        const isNone = error instanceof AppError && error.code === "app.not_found";
        if (!isNone) log.warn("files are not put back with their owners", { snapshot: of, error });
        return false;
      }
    },
  };
}

/** On This computer all files are one user's. */
export const NO_OWNED_COPIES: OwnedCopies = {
  keep: async () => await Promise.resolve(),
  restore: async () => await Promise.resolve(false),
};

/** Null for what is no file of the agent's: tables, and the repositories that it pushes to. */
function placesOf(plan: KeepPlan): { readonly files: string[]; readonly repositories: string[] } | null {
  if (plan.kind === "files") return { files: plan.places, repositories: [] };
  if (plan.kind === "git" && plan.remotes === null) return { files: [], repositories: plan.folders };
  return null;
}

import { AppError, toWireError } from "../../contract/errors.ts";
import type { Plan, RunEvent, RunResult, Wishes } from "../../contract/provision.ts";
import type { Server } from "../../contract/servers.ts";
import { readFacts } from "../../provisioning/facts.ts";
import { storeModelKey } from "../../provisioning/model-key.ts";
import { makePlan } from "../../provisioning/plan.ts";
import { provisionServer, unprovisionServer } from "../../provisioning/run.ts";
import type { RunParts } from "../../provisioning/run-step.ts";
import type { Shell } from "../../provisioning/shell.ts";
import { survivingCuts } from "../../provisioning/survive-cuts.ts";
import type { Release } from "../../provisioning/wanted.ts";
import { createRunLog } from "./run-log.ts";
import type { RunLog } from "./run-log.ts";

export interface ProvisionerParts {
  /** The way to a server as soon as there is one. */
  whenOnline(serverId: string, signal: AbortSignal): Promise<{ readonly shell: Shell }>;
  setSudoPassword(serverId: string, password: string): void;
  /** Told after a run ended well; null after everything was taken back. */
  setProvisioned(serverId: string, provisioned: Server["provisioned"]): Promise<void>;
  /** What goes to servers; asked for when it is needed first. */
  release(): Promise<Release>;
  now(): Date;
}

interface OnServer {
  readonly serverId: string;
}

interface Wished {
  readonly wishes: Wishes;
}

interface Outcome {
  readonly result: RunResult;
  /** What is true of the server when the run ended well. */
  readonly provisioned: Server["provisioned"];
}

const MODEL_KEY_DEADLINE_MS = 60_000;

interface Run {
  readonly kind: "apply" | "remove";
  readonly log: RunLog;
  readonly abort: AbortController;
  isGoing: boolean;
}

/** HostApi `provision`: one run at a time on each server; its events stay readable until the next run. */
export function createProvisioner(parts: ProvisionerParts) {
  const runs = new Map<string, Run>();

  /** Starts a run; joins the one that goes on already when it is of the same kind. */
  function start(serverId: string, kind: Run["kind"], carryOut: (run: RunParts) => Promise<Outcome>): void {
    const last = runs.get(serverId);
    if (last?.isGoing) {
      if (last.kind === kind) return;
      throw new AppError("provision.busy", "This server is being changed already", {
        hint: "Wait for the end of that run, or cancel it.",
      });
    }
    const run: Run = { kind, log: createRunLog(), abort: new AbortController(), isGoing: true };
    runs.set(serverId, run);
    const work = carryOut({ ...reach(parts, serverId, run.abort.signal), emit: run.log.append, now: parts.now });
    void finish(serverId, run, work);
  }

  async function finish(serverId: string, run: Run, work: Promise<Outcome>): Promise<void> {
    const result = await work
      .then(async ({ result, provisioned }) => {
        if (result.ok) await parts.setProvisioned(serverId, provisioned);
        return result;
      })
      .catch((error: unknown): RunResult => ({ ok: false, changed: 0, steps: [], error: toWireError(error) }));
    run.isGoing = false;
    run.log.append({ type: "ended", result });
  }

  return {
    async plan(
      { serverId, wishes }: OnServer & Wished,
      signal: AbortSignal = new AbortController().signal,
    ): Promise<Plan> {
      const release = await parts.release();
      const facts = await survivingCuts(reach(parts, serverId, signal), (shell) => readFacts(shell, { signal }));
      return makePlan(serverId, facts, { wishes, release });
    },

    async apply({ serverId, wishes }: OnServer & Wished): Promise<void> {
      start(serverId, "apply", async (run) => {
        const release = await parts.release();
        const result = await provisionServer(run, { wishes, release });
        return { result, provisioned: { at: parts.now().toISOString(), version: release.version } };
      });
    },

    async remove({ serverId }: OnServer): Promise<void> {
      start(serverId, "remove", async (run) => ({ result: await unprovisionServer(run), provisioned: null }));
    },

    async *follow(
      { serverId, after }: OnServer & { readonly after: number },
      signal?: AbortSignal,
    ): AsyncGenerator<RunEvent, void, void> {
      const run = runs.get(serverId);
      if (!run) {
        throw new AppError("app.not_found", "Nothing has been provisioned on this server since the app started", {
          hint: "Look at the plan, then provision.",
        });
      }
      yield* run.log.follow(after, signal);
    },

    async cancel({ serverId }: OnServer): Promise<void> {
      runs.get(serverId)?.abort.abort();
    },

    async setModelKey({ serverId, key }: OnServer & { readonly key: string }, signal?: AbortSignal): Promise<void> {
      const until = AbortSignal.any([AbortSignal.timeout(MODEL_KEY_DEADLINE_MS), ...(signal ? [signal] : [])]);
      await survivingCuts(reach(parts, serverId, until), (shell) => storeModelKey(shell, key, until));
    },

    async setSudoPassword({ serverId, password }: OnServer & { readonly password: string }): Promise<void> {
      parts.setSudoPassword(serverId, password);
    },
  };
}

function reach(parts: ProvisionerParts, serverId: string, signal: AbortSignal) {
  return { serverId, signal, connect: async (until: AbortSignal) => (await parts.whenOnline(serverId, until)).shell };
}

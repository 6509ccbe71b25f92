import { AppError, toWireError } from "../../contract/errors.ts";
import type { RunResult, StepResult } from "../../contract/provision.ts";
import type { Server } from "../../contract/servers.ts";
import type { RunParts } from "../../provisioning/run-step.ts";
import type { Shell } from "../../provisioning/shell.ts";
import { clientName } from "../platform/client-name.ts";
import { createRunLog } from "./run-log.ts";
import type { RunLog } from "./run-log.ts";

export interface RunsParts {
  /** The way to a server as soon as there is one. */
  whenOnline(serverId: string, signal: AbortSignal): Promise<{ readonly shell: Shell }>;
  /** Told after a run ended well; null after everything was taken back. */
  setProvisioned(serverId: string, provisioned: Server["provisioned"]): Promise<void>;
  /** Logs in again: a login sees the groups that its user had when it began. */
  reconnect(serverId: string): void;
  readonly now: () => Date;
}

export interface Outcome {
  readonly result: RunResult;
  /** What is true of the server when the run ended well. */
  readonly provisioned: Server["provisioned"];
}

interface Run {
  readonly kind: "apply" | "remove";
  readonly log: RunLog;
  readonly abort: AbortController;
  isGoing: boolean;
}

interface RunsWatched extends RunsParts {
  /** Told when a run has ended, well or not. */
  changed(serverId: string): void;
}

/** One run at a time on each server; its events stay readable until the next run. */
export function createRuns(parts: RunsWatched) {
  const runs = new Map<string, Run>();

  async function finish(serverId: string, run: Run, work: Promise<Outcome>): Promise<void> {
    const result = await work
      .then(async (outcome) => {
        if (outcome.result.steps.some(changedAccounts)) parts.reconnect(serverId);
        if (outcome.result.ok) await parts.setProvisioned(serverId, outcome.provisioned);
        return outcome.result;
      })
      .catch((error: unknown): RunResult => ({ ok: false, changed: 0, steps: [], error: toWireError(error) }));
    run.isGoing = false;
    parts.changed(serverId);
    run.log.append({ type: "ended", result });
  }

  return {
    /** Joins the run that goes on already when it is of the same kind. */
    start(serverId: string, kind: Run["kind"], carryOut: (run: RunParts) => Promise<Outcome>): void {
      const last = runs.get(serverId);
      if (last?.isGoing) {
        if (last.kind === kind) return;
        throw busy();
      }
      const run: Run = { kind, log: createRunLog(), abort: new AbortController(), isGoing: true };
      runs.set(serverId, run);
      const work = carryOut({
        ...reach(parts, serverId, run.abort.signal),
        who: clientName(),
        emit: run.log.append,
        now: parts.now,
      });
      void finish(serverId, run, work);
    },

    refuseWhileGoing(serverId: string): void {
      if (runs.get(serverId)?.isGoing) throw busy();
    },

    /** The log of the server's current or last run. */
    logOf(serverId: string): RunLog {
      const run = runs.get(serverId);
      if (run) return run.log;
      throw new AppError("app.not_found", "Nothing has been provisioned on this server since the app started", {
        hint: "Look at the plan, then provision.",
      });
    },

    cancel(serverId: string): void {
      runs.get(serverId)?.abort.abort();
    },
  };
}

function busy(): AppError {
  return new AppError("provision.busy", "This server is being changed already", {
    hint: "Wait for the end of that run, or cancel it.",
  });
}

function changedAccounts({ id, state }: StepResult): boolean {
  return id === "accounts" && state === "changed";
}

/** How a run gets to its server, again and again until `signal`. */
export function reach(parts: Pick<RunsParts, "whenOnline">, serverId: string, signal: AbortSignal) {
  return { serverId, signal, connect: async (until: AbortSignal) => (await parts.whenOnline(serverId, until)).shell };
}

import { randomUUID } from "node:crypto";
import { AppError } from "../contract/errors.ts";
import type { Plan, RunResult, Wishes } from "../contract/provision.ts";
import type { Leader } from "./commands/lead.ts";
import type { Facts } from "./facts.ts";
import { createLead, LEAD_PLACE } from "./lead.ts";
import type { RunParts } from "./run-step.ts";
import { watchLeader } from "./watch-leader.ts";

export interface Start {
  readonly facts: Facts;
  readonly plan: Plan;
  /** Not read for this run: a step may have become true since. */
  readonly areFactsOld: boolean;
}

/** What one client at a time does to a server. */
export interface Work {
  readonly kind: Leader["kind"];
  readonly wishes: Wishes;
  plan(facts: Facts): Plan;
  start(parts: RunParts, start: Start): Promise<RunResult>;
}

/** Does the work as the only client, or watches another one do the same. Null when the server is to be looked at again. */
export async function leadOrWatch(parts: RunParts, work: Work, start: Start): Promise<RunResult | null> {
  if (start.plan.steps.every(({ state }) => state === "satisfied")) return work.start(parts, start);
  const since = parts.now().toISOString();
  const leader: Leader = { id: randomUUID(), kind: work.kind, since, who: parts.who };
  const lead = createLead({ connect: parts.connect, signal: parts.signal, leader, place: LEAD_PLACE });
  const other = await lead.take();
  if (other !== null) return watch(parts, work, other);
  lead.tell({ type: "planned", plan: start.plan });
  lead.keepBeating();
  const emit: RunParts["emit"] = (event) => {
    lead.tell(event);
    parts.emit(event);
  };
  const result = await work.start({ ...parts, ...lead.reach, emit }, start);
  await lead.release(result);
  return lead.isLost() && !parts.signal.aborted ? null : result;
}

async function watch(parts: RunParts, { kind }: Work, other: Leader): Promise<RunResult | null> {
  if (other.kind !== kind) throw busy(other);
  const result = await watchLeader({ ...parts, place: LEAD_PLACE }, other);
  // Taken back is taken back, whoever did it; whether all is in place depends on what each wants.
  return kind === "remove" && result?.ok ? result : null;
}

function busy({ kind, who, since }: Leader): AppError {
  const what = kind === "apply" ? "provisioning this server" : "taking provisioning back from this server";
  return new AppError("provision.busy", `${who} has been ${what} since ${since}`, {
    hint: "Wait for the end of that run, then look at the plan again.",
  });
}

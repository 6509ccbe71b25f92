import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { api } from "./api-base.ts";
import { WireError } from "./errors.ts";
import { ServerOverview } from "./server-overview.ts";
import { ModelName } from "./status.ts";
import { WebSearchWish } from "./web-search.ts";

/** When a server may restart by itself: a time of its own clock such as "04:00", or never. */
export const RebootAt = z.union([z.literal("never"), z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)]);
export type RebootAt = z.infer<typeof RebootAt>;

/** What a person may choose about a provisioned server. */
export const Wishes = z.object({
  /** Not given: as the server has it, `simulated` on a fresh one. */
  model: ModelName.optional(),
  /** Whether it gets Docker. Not given: as chosen before, yes on a fresh one. */
  docker: z.boolean().optional(),
  /** When it restarts by itself after a security update that needs it. Not given: as chosen before, never on a fresh one. */
  rebootAt: RebootAt.optional(),
  /** The official release of Qdrant as a file on this computer. Not given: the server fetches it, if it can. */
  qdrant: z.string().optional(),
  /** Installs the package updates that there are, once. Not given: no. */
  packageUpdates: z.boolean().optional(),
});
export type Wishes = z.infer<typeof Wishes>;

/** What holds on a server whoever provisions it next, from whichever computer. */
export const Choices = z.object({
  docker: z.boolean().default(true),
  rebootAt: RebootAt.default("never"),
});
export type Choices = z.infer<typeof Choices>;

export const PlannedStep = z.object({
  id: z.string(),
  title: z.string(),
  /** Steps are shown grouped by area, in order. */
  area: z.enum(["system", "data", "web", "runtime", "team", "security"]),
  /** Why the server needs it, one sentence. */
  reason: z.string(),
  state: z.enum(["needed", "satisfied"]),
  /** Exactly what would change, one line each; empty when satisfied. */
  changes: z.array(z.string()),
  /** What is left alone on this server and why, in words. */
  note: z.string().optional(),
  /** The server does without it, as `note` says. */
  isLeftOut: z.boolean().optional(),
});
export type PlannedStep = z.infer<typeof PlannedStep>;

export const ServerFacts = z.object({
  /** Such as "Debian GNU/Linux 12 (bookworm)". */
  system: z.string(),
  architecture: z.string(),
  kernel: z.string(),
  cores: z.number().int(),
  memoryMb: z.number().int(),
  freeDiskMb: z.number().int(),
  user: z.string(),
  /** How root is reached. */
  root: z.enum(["login", "sudo", "sudo_password", "none"]),
});
export type ServerFacts = z.infer<typeof ServerFacts>;

export const Plan = z.object({
  serverId: z.string(),
  facts: ServerFacts,
  /** What the plan goes by: wishes, else what was chosen before, else what a fresh server gets. */
  choices: Choices,
  steps: z.array(PlannedStep),
  /** Reasons why this server cannot be provisioned as it is; empty when it can. */
  blockers: z.array(WireError),
});
export type Plan = z.infer<typeof Plan>;

/** The step of the wish `packageUpdates`, in plans that were made with it. */
export const PACKAGE_UPDATES_STEP = "package-updates";

/** The steps that do not hold, each with what differs. */
export function findDrift({ steps }: Pick<Plan, "steps">): PlannedStep[] {
  return steps.filter(({ state }) => state === "needed");
}

export const StepResult = z.object({
  id: z.string(),
  state: z.enum(["changed", "unchanged", "failed", "skipped"]),
  /** Milliseconds. */
  ms: z.number(),
});
export type StepResult = z.infer<typeof StepResult>;

export const RunResult = z.object({
  ok: z.boolean(),
  changed: z.number().int(),
  steps: z.array(StepResult),
  error: WireError.optional(),
});
export type RunResult = z.infer<typeof RunResult>;

const seq = z.number().int();

export const RunEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("planned"), seq, plan: Plan }),
  /** Another client is at it: what was told since the plan before, and what follows up to the next plan, are its steps. */
  z.object({ type: z.literal("joined"), seq, who: z.string(), since: z.iso.datetime() }),
  z.object({ type: z.literal("step_started"), seq, id: z.string(), at: z.iso.datetime() }),
  /** Work inside a step that can be measured: bytes uploaded, packages unpacked. */
  z.object({ type: z.literal("step_progress"), seq, id: z.string(), done: z.number(), total: z.number() }),
  z.object({ type: z.literal("step_log"), seq, id: z.string(), line: z.string() }),
  z.object({ type: z.literal("step_ended"), seq, result: StepResult, error: WireError.optional() }),
  z.object({ type: z.literal("ended"), seq, result: RunResult }),
]);
export type RunEvent = z.infer<typeof RunEvent>;

const serverId = z.string();

export const provision = {
  /** Reads the server and says what would change; changes nothing. */
  plan: api.input(z.object({ serverId, wishes: Wishes })).output(Plan),
  /** How a server is: versions, health, disk, memory, certificates, updates. Changes nothing; needs root there. */
  overview: api.input(z.object({ serverId })).output(ServerOverview),
  /** Starts a run, or joins the one already going on this server. */
  apply: api.input(z.object({ serverId, wishes: Wishes })).output(z.void()),
  /** Takes back what provisioning did. */
  remove: api.input(z.object({ serverId })).output(z.void()),
  /** Events of the server's current or last run after number `after`; ends after `ended`. */
  follow: api.input(z.object({ serverId, after: seq.min(0) })).output(eventIterator(RunEvent)),
  /** Stops after the command that is running has been stopped cleanly. */
  cancel: api.input(z.object({ serverId })).output(z.void()),
  /** Stores the Anthropic API key on the server, encrypted by systemd. It is never read back. */
  setModelKey: api.input(z.object({ serverId, key: z.string().min(8).max(512) })).output(z.void()),
  /** Sets who searches the web. The key is stored encrypted by systemd, and never read back. */
  setWebSearch: api.input(WebSearchWish.extend({ serverId })).output(z.void()),
  /** Given when a plan says `sudo_password`; kept in memory until the app ends. */
  setSudoPassword: api.input(z.object({ serverId, password: z.string() })).output(z.void()),
};

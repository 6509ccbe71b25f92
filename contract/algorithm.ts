import { z } from "zod";
import type { AgentName } from "./agents.ts";
import { planFault } from "./plan-order.ts";

export const Phase = z.enum(["OBSERVE", "THINK", "PLAN", "BUILD", "EXECUTE", "VERIFY", "LEARN"]);
export type Phase = z.infer<typeof Phase>;

/** How a request is worked on. `auto`: the supervisor decides; the others are a person's wish. */
export const WorkMode = z.enum(["auto", "direct", "algorithm"]);
export type WorkMode = z.infer<typeof WorkMode>;

/** Who does the steps of a plan. Not qa: nobody judges their own work. */
export const DOERS = ["code", "data", "infra", "research"] as const satisfies readonly AgentName[];

const line = z.string().trim().min(1).max(1_000);
const text = z.string().trim().min(1).max(8_000);
const lines = z.array(line).max(50);
const criterionId = z.string().regex(/^ISC-\d+(\.\d+)*$/, "An id such as ISC-2 or ISC-2.1");

export const PlanStep = z.object({
  id: z
    .string()
    .regex(/^[a-z0-9-]{1,20}$/)
    .describe("Such as s1"),
  agent: z.enum(DOERS),
  request: text.describe(
    "All the agent needs to know; it sees nothing else but the results of the steps it depends on",
  ),
  dependsOn: z.array(z.string()).max(24).describe("Steps that must be done before; the others run at the same time"),
});
export type PlanStep = z.infer<typeof PlanStep>;

export const StepResult = z.object({
  id: z.string(),
  agent: z.enum(DOERS),
  /** `skipped`: a step it depends on was not done. */
  state: z.enum(["done", "failed", "cancelled", "skipped"]),
  text: z.string(),
  taskId: z.string().nullable(),
});
export type StepResult = z.infer<typeof StepResult>;

/** What each phase gives to those after it. EXECUTE's is put together from the results of the plan's steps. */
export const PHASE_OUTPUTS = {
  OBSERVE: z.object({
    summary: text.describe("What is wanted and how things are, in your own words"),
    facts: lines,
    constraints: lines,
    unknowns: lines,
  }),
  THINK: z.object({ approach: text, risks: lines, assumptions: lines }),
  PLAN: z.object({
    steps: z
      .array(PlanStep)
      .min(1)
      .max(24)
      .superRefine((steps, context) => {
        const message = planFault(steps);
        if (message !== null) context.addIssue({ code: "custom", message });
      }),
  }),
  BUILD: z.object({
    criteria: z
      .array(
        z.object({
          text: line.describe("One state that is either so or not so; no “and”"),
          check: text.nullable().describe("A shell command that succeeds exactly when the criterion is met, or null"),
          anti: z.boolean().describe("True when it says what must not be so"),
          partOf: criterionId.nullable().default(null).describe("The criterion this is a part of, when one is split"),
        }),
      )
      .max(80)
      .describe("New criteria only; those that stand already stay"),
    dropped: z.array(z.object({ id: criterionId, reason: line })).max(80),
  }),
  EXECUTE: z.object({ results: z.array(StepResult) }),
  VERIFY: z.object({
    results: z.array(z.object({ criterionId, passed: z.boolean(), evidence: text })).max(200),
    returnTo: Phase.nullable().describe("The phase whose output was wrong, when something failed; else null"),
    why: z.string().trim().max(8_000).describe("What that phase must do differently; empty when all passed"),
  }),
  LEARN: z.object({
    learnings: z.array(z.object({ phase: Phase, text })).max(20),
    signals: z
      .array(z.object({ criterionId: criterionId.nullable(), text: line }))
      .max(50)
      .describe("What the checks taught: too weak, missing, wrong"),
    answer: text.describe("What the person is told: what was done and how to use it"),
  }),
} as const;

export type PhaseOutput<Name extends Phase = Phase> = z.infer<(typeof PHASE_OUTPUTS)[Name]>;
/** The last output of each phase that has ended. */
export type PhaseOutputs = { readonly [Name in Phase]?: PhaseOutput<Name> };

/** Phases whose output an agent submits at the end of its turn. */
export const SubmittedPhase = Phase.exclude(["EXECUTE"]);
export type SubmittedPhase = z.infer<typeof SubmittedPhase>;

/** What a turn has to end with. */
export const WantedOutput = z.object({
  phase: SubmittedPhase,
  /** Criteria that must be judged; a check has to be run in the same turn. */
  judges: z.array(z.object({ criterionId, check: z.string().nullable() })),
});
export type WantedOutput = z.infer<typeof WantedOutput>;

export const Judgement = z.object({
  iteration: z.number().int(),
  passed: z.boolean(),
  /** What was seen: the last lines of the check's output, or qa's own words. */
  evidence: z.string(),
  /** The call that ran the check, as in `ToolCall.id`, and the digest of its whole output. */
  callId: z.string().nullable(),
  outputSha256: z.string().nullable(),
  at: z.iso.datetime(),
});
export type Judgement = z.infer<typeof Judgement>;

/** One thing that should be true at the end. Its id is never given to another. */
export const Criterion = z.object({
  id: criterionId,
  text: z.string(),
  check: z.string().nullable(),
  anti: z.boolean(),
  /** `open`: not judged in this iteration. `dropped`: kept so that its id stays taken. */
  state: z.enum(["open", "passed", "failed", "dropped"]),
  /** Why it was dropped. */
  reason: z.string().nullable(),
  /** Oldest first. */
  judgements: z.array(Judgement),
});
export type Criterion = z.infer<typeof Criterion>;

export const TracedPhase = z.object({
  /** 1 for the first phase of the run, without gaps. */
  number: z.number().int(),
  phase: Phase,
  iteration: z.number().int(),
  state: z.enum(["running", "done", "failed", "cancelled"]),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  taskIds: z.array(z.string()),
  /** One line about what came of it. */
  summary: z.string(),
  /** Where a failed VERIFY sent the run, and why. */
  sentBackTo: Phase.nullable(),
  why: z.string().nullable(),
});
export type TracedPhase = z.infer<typeof TracedPhase>;

/** One way through the phases for a task, with all its rounds. */
export const AlgorithmRun = z.object({
  taskId: z.string(),
  conversationId: z.string(),
  /** `asking`: a person decides how it goes on. `accepted`: a person took the result with failed criteria. */
  state: z.enum(["running", "asking", "passed", "accepted", "failed", "cancelled"]),
  iteration: z.number().int(),
  /** The one under way, or the last. */
  phase: Phase,
  criteria: z.array(Criterion),
  /** Oldest first. */
  trace: z.array(TracedPhase),
});
export type AlgorithmRun = z.infer<typeof AlgorithmRun>;

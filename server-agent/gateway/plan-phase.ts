import { z } from "zod";
import type { PhaseOutput } from "../../contract/algorithm.ts";
import { DOERS, SubmittedPhase } from "../../contract/algorithm.ts";
import { shellQuote } from "../platform/shell-quote.ts";
import { specialistFor, type Step, understandRequest } from "./understand-request.ts";

/** A call that the simulated model makes, and what it says before and after. */
export interface CallMove {
  readonly kind: "call";
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly announcement: string;
  readonly tell: (output: string) => string;
  readonly mayFail?: boolean;
  /** In the same reply as the call before it. */
  readonly meanwhile?: boolean;
}

export interface PhaseConversation {
  readonly request: string;
  readonly results: readonly { readonly output: string; readonly failed: boolean }[];
}

const HEAD = /\b([A-Z]+), round (\d+) of run (\w+)\./;
const Criteria = z.array(z.object({ id: z.string(), check: z.string().nullable() }));
const Execution = z.object({ results: z.array(z.object({ id: z.string(), state: z.string() })) });

interface PhaseRequest {
  readonly phase: SubmittedPhase;
  readonly round: number;
  readonly runId: string;
  readonly request: string;
  readonly steps: readonly Step[];
  readonly criteria: z.infer<typeof Criteria>;
  readonly isDone: boolean;
  readonly wasSentBack: boolean;
}

/** Some commands, then the output of the phase; null for a turn that belongs to none. */
export function phaseMoves({ request, results }: PhaseConversation): CallMove[] | null {
  const asked = readPhaseRequest(request);
  if (asked === null) return null;
  const checks = asked.phase === "VERIFY" ? asked.criteria.flatMap(({ check }) => check ?? []) : [];
  const outcomes = checks.map((_, index) => results[index]?.failed === false);
  return [...checks.map(checkMove), submitMove(asked, outcomes)];
}

function readPhaseRequest(text: string): PhaseRequest | null {
  const head = HEAD.exec(text);
  const phase = SubmittedPhase.safeParse(head?.[1]);
  if (!head?.[2] || !head[3] || !phase.success) return null;
  const request = /<request>\n([\s\S]*)\n<\/request>/.exec(text)?.[1] ?? "";
  const execution = Execution.safeParse(readTag(text, "execute"));
  return {
    phase: phase.data,
    round: Number(head[2]),
    runId: head[3],
    request,
    steps: stepsOf(request),
    criteria: Criteria.safeParse(readTag(text, "criteria")).data ?? [],
    isDone: execution.data?.results.every(({ state }) => state === "done") ?? false,
    wasSentBack: text.includes("<sent_back>"),
  };
}

function stepsOf(request: string): Step[] {
  return understandRequest(request).flatMap((step) => (step.kind === "algorithm" ? stepsOf(step.request) : step));
}

function readTag(text: string, name: string): unknown {
  const json = new RegExp(`<${name}[^>]*>\\n([\\s\\S]*?)\\n</${name}>`).exec(text)?.[1];
  return json === undefined ? null : JSON.parse(json);
}

function checkMove(command: string): CallMove {
  return {
    kind: "call",
    tool: "run_command",
    input: { command },
    announcement: `I run the check \`${command}\`.`,
    tell: () => "The check passed.",
    mayFail: true,
  };
}

function submitMove(asked: PhaseRequest, outcomes: readonly boolean[]): CallMove {
  return {
    kind: "call",
    tool: "submit_output",
    input: outputOf(asked, outcomes),
    announcement: `I give the output of ${asked.phase}.`,
    tell: () => "",
  };
}

function outputOf(asked: PhaseRequest, outcomes: readonly boolean[]): PhaseOutput & Record<string, unknown> {
  switch (asked.phase) {
    case "OBSERVE":
      return {
        summary: `Wanted: ${asked.request.slice(0, 500)}`,
        facts: [`The request has ${asked.steps.length} parts.`],
        constraints: ["This is the simulated model: it does plain requests only."],
        unknowns: [],
      };
    case "THINK":
      return {
        approach: "Each part of the request becomes a step.",
        risks: ["A part that is not plain is left out."],
        assumptions: ["Files that are written do not depend on each other."],
      };
    case "PLAN":
      return { steps: planOf(asked) };
    case "BUILD":
      return { criteria: asked.criteria.length > 0 ? [] : criteriaOf(asked), dropped: [] };
    case "VERIFY":
      return verdictOf(asked, outcomes);
    case "LEARN":
      return learningsOf(asked);
  }
}

/** Files are written at the same time; all else comes after everything before it. */
function planOf({ steps, request }: PhaseRequest): PhaseOutput<"PLAN">["steps"] {
  const planned: PhaseOutput<"PLAN">["steps"] = [];
  for (const step of steps) {
    const agent = doerOf(step);
    if (agent === null || step.kind === "fail_once") continue;
    const dependsOn = writesOf(step).length > 0 ? [] : planned.map(({ id }) => id);
    const words = step.kind === "delegate" ? step.request : step.words;
    planned.push({ id: `s${planned.length + 1}`, agent, request: words, dependsOn });
  }
  const whole = { id: "s1", agent: "code", request: steps.length > 0 ? "list files" : request, dependsOn: [] } as const;
  return planned.length > 0 ? planned : [{ ...whole, dependsOn: [] }];
}

function doerOf(step: Step): (typeof DOERS)[number] | null {
  const agent = specialistFor(step);
  if (agent === null) return null;
  return DOERS.find((doer) => doer === agent) ?? "code";
}

function writesOf(step: Step): Extract<Step, { kind: "write" }>[] {
  if (step.kind === "write") return [step];
  return step.kind === "delegate" ? understandRequest(step.request).flatMap(writesOf) : [];
}

function criteriaOf({ steps, runId }: PhaseRequest): PhaseOutput<"BUILD">["criteria"] {
  const written = steps.flatMap(writesOf).map(({ path, text }) => ({
    text: text === "" ? `${path} exists` : `${path} holds “${firstLine(text)}”`,
    check:
      text === "" ? `test -e ${shellQuote(path)}` : `grep -qF -- ${shellQuote(firstLine(text))} ${shellQuote(path)}`,
  }));
  const marker = shellQuote(`.failed-once-${runId}`);
  const failing = steps
    .filter(({ kind }) => kind === "fail_once")
    .map(() => ({
      text: "The check that fails once passes",
      check: `test -e ${marker} || { touch ${marker}; echo "1 check failed"; exit 1; }`,
    }));
  const all = { text: "Every step of the plan ended well", check: null };
  const halfWritten = { text: "No half-written file is left", check: `test -z "$(ls -A | grep '[.]new$')"` };
  return [
    ...[...written, ...failing, all].map((one) => ({ ...one, anti: false, partOf: null })),
    { ...halfWritten, anti: true, partOf: null },
  ];
}

function verdictOf({ criteria, isDone }: PhaseRequest, outcomes: readonly boolean[]): PhaseOutput<"VERIFY"> {
  let checked = 0;
  const results = criteria.map(({ id, check }) => {
    const passed = check === null ? isDone : (outcomes[checked++] ?? false);
    return { criterionId: id, passed, evidence: check === null ? "The results of the steps." : `I ran ${check}` };
  });
  const failed = results.filter(({ passed }) => !passed).map(({ criterionId }) => criterionId);
  const why = failed.length === 0 ? "" : `These were not met: ${failed.join(", ")}.`;
  return { results, returnTo: failed.length === 0 ? null : "EXECUTE", why };
}

function learningsOf({ request, round, wasSentBack }: PhaseRequest): PhaseOutput<"LEARN"> {
  const text = `A request like this needed ${round} ${round === 1 ? "round" : "rounds"}: ${firstLine(request)}`;
  const signals = wasSentBack ? [{ criterionId: null, text: "A check failed before the work was right." }] : [];
  return {
    learnings: [{ phase: wasSentBack ? "EXECUTE" : "PLAN", text }],
    signals,
    answer: `Done: ${firstLine(request)}`,
  };
}

function firstLine(text: string): string {
  const [line = ""] = text.trim().split("\n", 1);
  return line.slice(0, 300);
}

import type { AgentName } from "../../contract/agents.ts";
import { type CallMove, phaseMoves } from "./plan-phase.ts";
import { streamedText } from "./streamed-text.ts";
import { specialistFor, understandRequest, type Step } from "./understand-request.ts";

/** What the simulated model is told: the request, and what its tool calls so far returned. */
export interface Conversation {
  readonly agent: AgentName;
  readonly request: string;
  readonly results: readonly ToolOutcome[];
  readonly tools: readonly string[];
}

export interface ToolOutcome {
  readonly output: string;
  readonly failed: boolean;
}

export type ReplyPart =
  | { readonly type: "text"; readonly text: string; readonly slowly?: boolean }
  | { readonly type: "thinking"; readonly seconds: number }
  | { readonly type: "tool_use"; readonly name: string; readonly input: Readonly<Record<string, unknown>> };

/** The next reply in a conversation: the same conversation always gets the same reply. */
export function planReply(conversation: Conversation): ReplyPart[] {
  return joinTexts(planParts(conversation));
}

function planParts(conversation: Conversation): ReplyPart[] {
  const { results, tools } = conversation;
  const parts: ReplyPart[] = [];
  let answered = 0;
  for (const batch of batchesOf(movesFor(conversation))) {
    if (batch.kind === "say") {
      if (answered === results.length) parts.push(...batch.parts);
      continue;
    }
    const { calls } = batch;
    const outcomes = results.slice(answered, answered + calls.length);
    if (outcomes.length === 0) return [...parts, ...callAll(calls, tools)];
    answered += calls.length;
    const pairs = calls.flatMap((call, index) => (outcomes[index] ? [{ call, outcome: outcomes[index] }] : []));
    if (answered >= results.length) parts.push(...pairs.map(({ call, outcome }) => say(tellOutcome(call, outcome))));
    if (pairs.some(({ call, outcome }) => endsWork(call, outcome))) return parts;
  }
  return parts;
}

function callAll(calls: readonly Call[], tools: readonly string[]): ReplyPart[] {
  const missing = calls.find(({ tool }) => !tools.includes(tool));
  if (missing) return [say(`I have no tool \`${missing.tool}\`, so I stop here.`)];
  return [
    ...calls.map(({ announcement }) => say(announcement)),
    ...calls.map(({ tool, input }) => ({ type: "tool_use", name: tool, input }) as const),
  ];
}

function endsWork(call: Call, outcome: ToolOutcome): boolean {
  return (outcome.failed && !call.mayFail && !isUnknown(outcome)) || call.endsOn?.(outcome) === true;
}

type Batch = Extract<Move, { kind: "say" }> | { readonly kind: "calls"; readonly calls: readonly Call[] };

/** Calls that are made in one reply belong together. */
function batchesOf(moves: readonly Move[]): Batch[] {
  return moves.reduce<Batch[]>((batches, move) => {
    const before = batches.at(-1);
    if (move.kind === "say") return [...batches, move];
    if (move.meanwhile !== true || before?.kind !== "calls") return [...batches, { kind: "calls", calls: [move] }];
    return [...batches.slice(0, -1), { kind: "calls", calls: [...before.calls, move] }];
  }, []);
}

type Call = CallMove & { readonly endsOn?: (result: ToolOutcome) => boolean };
type Move = { readonly kind: "say"; readonly parts: readonly ReplyPart[] } | Call;

function movesFor({ agent, request, results, tools }: Conversation): Move[] {
  const ofPhase = tools.includes("submit_output") ? phaseMoves({ request, results }) : null;
  if (ofPhase) return ofPhase;
  const steps = understandRequest(request);
  const [first] = steps;
  if (first?.kind === "algorithm") {
    if (tools.includes("run_algorithm")) return [algorithm(first)];
    return movesFor({ agent, request: first.request, results, tools });
  }
  if (steps.length === 0) return [notUnderstood("")];
  const canDelegate = tools.includes("delegate");
  return (canDelegate ? shareOut(steps) : steps).flatMap((step) => {
    const [first, ...rest] = movesOf(step, { agent, canDelegate });
    if (first === undefined) return [];
    return [first.kind === "call" && step.meanwhile === true ? { ...first, meanwhile: true } : first, ...rest];
  });
}

/** Steps for specialists become one delegation for each run of steps that the same specialist does. */
function shareOut(steps: readonly Step[]): Step[] {
  const shared: Step[] = [];
  for (const step of steps) {
    const agent = specialistFor(step);
    if (agent === null) {
      shared.push(step);
      continue;
    }
    const request = step.kind === "delegate" ? step.request : step.words;
    const before = shared.at(-1);
    const repository = step.kind === "delegate" ? step.repository : undefined;
    const goesOn = before?.kind === "delegate" && before.agent === agent && before.repository === repository;
    if (goesOn && step.meanwhile !== true) {
      shared[shared.length - 1] = { ...before, request: `${before.request}, then ${request}` };
    } else {
      const meanwhile = step.meanwhile === true;
      shared.push({
        kind: "delegate",
        words: step.words,
        agent,
        request,
        meanwhile,
        ...(repository && { repository }),
      });
    }
  }
  return shared;
}

function movesOf(step: Step, self: { readonly agent: AgentName; readonly canDelegate: boolean }): Move[] {
  switch (step.kind) {
    case "think":
      return [{ kind: "say", parts: [{ type: "thinking", seconds: step.seconds }, say("I have thought about it.")] }];
    case "stream":
      return [
        {
          kind: "say",
          parts: [{ type: "text", text: streamedText(step.characters), ...(step.slowly && { slowly: true }) }],
        },
      ];
    case "unknown":
    case "algorithm":
      return [notUnderstood(step.words)];
    case "delegate":
      return delegation(step, self);
    case "fail_once":
      return [
        { ...command('echo "1 check failed"; exit 1', "I run the check."), mayFail: true },
        command('echo "all checks passed"', "I mend it and run the check again."),
      ];
    case "repeat":
      return Array.from({ length: step.times }, () => ({ ...command(step.command, "I do it again."), mayFail: true }));
    case "write":
    case "read":
    case "list":
    case "run":
    case "ask":
    case "root":
    case "use":
      return [callFor(step)];
  }
}

function algorithm({ request }: Extract<Step, { kind: "algorithm" }>): Move {
  return {
    kind: "call",
    tool: "run_algorithm",
    input: { request, why: "The request says so." },
    announcement: "I work on this with the Algorithm.",
    tell: (output) => output,
  };
}

function delegation(
  step: Extract<Step, { kind: "delegate" }>,
  self: { readonly agent: AgentName; readonly canDelegate: boolean },
): Move[] {
  const { agent, request } = step;
  if (agent === self.agent) return understandRequest(request).flatMap((own) => movesOf(own, self));
  if (!self.canDelegate || agent === "supervisor") {
    return [{ kind: "say", parts: [say(`I cannot hand work to the ${agent} agent; only the supervisor delegates.`)] }];
  }
  return [
    {
      kind: "call",
      tool: "delegate",
      input: { agent, request, ...(step.repository && { repository: step.repository }) },
      announcement: `I give this to the ${agent} agent.`,
      tell: (output) => `The ${agent} agent answered:\n\n${output}`,
    },
  ];
}

function callFor(step: Extract<Step, { kind: "write" | "read" | "list" | "run" | "ask" | "root" | "use" }>): Move {
  switch (step.kind) {
    case "write":
      return {
        kind: "call",
        tool: "write_file",
        input: { path: step.path, content: step.text },
        announcement: `I write \`${step.path}\`.`,
        tell: () => `\`${step.path}\` is written.`,
      };
    case "read":
      return {
        kind: "call",
        tool: "read_file",
        input: { path: step.path },
        announcement: `I read \`${step.path}\`.`,
        tell: (output) => `\`${step.path}\` holds:\n\n${fenced(output)}`,
      };
    case "list":
      return {
        kind: "call",
        tool: "list_files",
        input: { path: step.path },
        announcement: "I list the files.",
        tell: (output) => `The files:\n\n${fenced(output)}`,
      };
    case "root":
      return {
        kind: "call",
        tool: step.request.tool,
        input: step.request.input,
        announcement: `As root: ${step.request.does}.`,
        tell: (output) => `\`${step.request.does}\`:\n\n${fenced(output)}`,
      };
    case "use": {
      const { tool, input, announcement, outcome } = step.use;
      return { kind: "call", tool, input, announcement, tell: (output) => `${outcome}:\n\n${fenced(output)}` };
    }
    case "run":
      return command(step.command, `I run \`${step.command}\`.`);
    case "ask":
      return question(step.action);
  }
}

function question(action: string): Call {
  return {
    kind: "call",
    tool: "ask_person",
    input: { action, reason: "The request says to ask first." },
    announcement: `I ask for approval to ${action}.`,
    tell: (output) => (/^allowed/i.test(output) ? `Approved: ${action}.` : `Not approved, so I stop: ${output}`),
    endsOn: (result) => !/^allowed/i.test(result.output),
  };
}

function command(text: string, announcement: string): Call {
  return {
    kind: "call",
    tool: "run_command",
    input: { command: text },
    announcement,
    tell: (output) => `\`${text}\` printed:\n\n${fenced(output)}`,
  };
}

function tellOutcome(move: Call, result: ToolOutcome): string {
  if (isUnknown(result))
    return "My process was restarted while that ran, so its outcome is unknown. I did not repeat it.";
  if (result.failed && move.mayFail) return `That failed, as it may:\n\n${fenced(result.output)}`;
  if (result.failed) return `That failed, so I stop here:\n\n${fenced(result.output)}`;
  return move.tell(result.output);
}

function isUnknown(result: ToolOutcome): boolean {
  return result.failed && result.output.includes("outcome unknown");
}

function notUnderstood(words: string): Move {
  const about = words === "" ? "" : ` I did not understand “${words.slice(0, 200)}”.`;
  return {
    kind: "say",
    parts: [
      say(
        `I am the simulated model, not a real one.${about} I understand plain requests, also several joined by “then”: ` +
          '`write FILE with TEXT`, `read FILE`, `list files`, `edit FILE replace "a" with "b"`, `find files matching X`, ' +
          '`search for "x"`, `run COMMAND`, `run the tests`, `git status`, `query "select 1"`, `fetch URL`, ' +
          "`ask the code agent to …`, " +
          "`show the status of SERVICE`, `restart the service SERVICE`, `docker ps`, " +
          "`ask for approval to …`, `fail a check once`, `think long` and `stream long 2000`.",
      ),
    ],
  };
}

/** One text block for neighbouring texts of the same pace, as a model would write. */
function joinTexts(parts: readonly ReplyPart[]): ReplyPart[] {
  return parts.reduce<ReplyPart[]>((joined, part) => {
    const before = joined.at(-1);
    if (part.type !== "text" || before?.type !== "text" || part.slowly !== before.slowly) return [...joined, part];
    return [...joined.slice(0, -1), { ...before, text: `${before.text}\n\n${part.text}` }];
  }, []);
}

function say(text: string): ReplyPart {
  return { type: "text", text };
}

function fenced(output: string): string {
  const fence = output.includes("```") ? "````" : "```";
  return `${fence}\n${output.trimEnd()}\n${fence}`;
}

import { isDeepStrictEqual } from "node:util";
import type { HookEventName } from "./hook-input.ts";
import type { HookAnswer, HookResult } from "./hook-result.ts";
import type { Hook } from "./hook-settings.ts";

export type Decision = "none" | "allow" | "ask" | "deny";

/** What all hooks of one event together made of it. */
export interface HookOutcome {
  /** Of PreToolUse. `allow` overrides nobody's refusal. */
  readonly decision: Decision;
  /** Why, for `ask` and `deny`; names the hooks. */
  readonly reason: string;
  /** The tool's input as a hook wants it, in the field names of hooks. */
  readonly updatedInput: Readonly<Record<string, unknown>> | null;
  /** For the model. */
  readonly context: readonly string[];
  /** Why a prompt or an end is refused, or what the model must hear about a tool that has run. */
  readonly block: string | null;
  /** Why the agent must stop working altogether. */
  readonly stop: string | null;
  /** Lines for people: failures and messages of hooks. */
  readonly reports: readonly string[];
}

export interface NamedResult {
  readonly hook: Hook;
  readonly name: string;
  readonly result: HookResult;
}

export const NO_OUTCOME: HookOutcome = {
  decision: "none",
  reason: "",
  updatedInput: null,
  context: [],
  block: null,
  stop: null,
  reports: [],
};

const BLOCKABLE: ReadonlySet<HookEventName> = new Set([
  "UserPromptSubmit",
  "Stop",
  "SubagentStop",
  "PostToolUse",
  "PostToolUseFailure",
]);
/** Where what a hook prints is for the model. */
const TELLING: ReadonlySet<HookEventName> = new Set(["SessionStart", "UserPromptSubmit", "PreCompact"]);
const STRENGTH: readonly Decision[] = ["none", "allow", "ask", "deny"];
const MAX_CONTEXT_CHARACTERS = 10_000;

/** Deny beats ask beats allow. A failure denies before a tool and is a report otherwise. */
export function mergeResults(event: HookEventName, results: readonly NamedResult[]): HookOutcome {
  return results.map((result) => outcomeOf(event, result)).reduce(combine, NO_OUTCOME);
}

function outcomeOf(event: HookEventName, named: NamedResult): HookOutcome {
  const { hook, name, result } = named;
  switch (result.kind) {
    case "failed": {
      const problem = `The hook ${name} failed: ${result.problem}`;
      if (hook.blocksOnFailure) return refuse(event, problem);
      return { ...NO_OUTCOME, reports: [problem] };
    }
    case "blocked":
      return refuse(event, said(name, result.reason || "blocked"));
    case "text":
      return TELLING.has(event) ? { ...NO_OUTCOME, context: contextOf(result.text) } : NO_OUTCOME;
    case "answer":
      return limitToOrigin(outcomeOfAnswer(event, name, result.answer), named);
  }
}

function refuse(event: HookEventName, reason: string): HookOutcome {
  if (event === "PreToolUse") return { ...NO_OUTCOME, decision: "deny", reason };
  if (BLOCKABLE.has(event)) return { ...NO_OUTCOME, block: reason };
  return { ...NO_OUTCOME, reports: [reason] };
}

function outcomeOfAnswer(event: HookEventName, name: string, answer: HookAnswer): HookOutcome {
  const specific = answer.hookSpecificOutput ?? {};
  const reason = specific.permissionDecisionReason ?? answer.reason ?? "";
  const decision = event === "PreToolUse" ? decisionOf(answer) : "none";
  const isBlock = answer.decision === "block" && event !== "PreToolUse";
  const refusal = isBlock ? refuse(event, said(name, answer.reason ?? "blocked")) : NO_OUTCOME;
  return {
    ...refusal,
    decision,
    reason: decision === "deny" || decision === "ask" ? said(name, reason || "no reason given") : "",
    updatedInput: specific.updatedInput ?? null,
    context: contextOf(specific.additionalContext ?? ""),
    stop: answer.continue === false ? said(name, answer.stopReason ?? "no reason given") : null,
    reports: [...refusal.reports, ...(answer.systemMessage ? [said(name, answer.systemMessage)] : [])],
  };
}

/** `defer` leaves the call to whoever started the agent: here, to a person. */
function decisionOf({ decision, hookSpecificOutput }: HookAnswer): Decision {
  const given = hookSpecificOutput?.permissionDecision ?? "none";
  const older = decision === undefined ? "none" : ({ approve: "allow", block: "deny" } as const)[decision];
  return stronger(given === "defer" ? "ask" : given, older);
}

/** A hook that an agent may have written can take away and tell, and nothing else. */
function limitToOrigin(outcome: HookOutcome, { hook, name }: NamedResult): HookOutcome {
  if (hook.origin !== "workspace") return outcome;
  if (outcome.updatedInput !== null) {
    const reason = said(name, "hooks of the workspace cannot change what a tool is given");
    return { ...outcome, decision: "deny", reason, updatedInput: null };
  }
  if (outcome.decision !== "allow") return outcome;
  const report = said(name, "hooks of the workspace cannot allow anything");
  return { ...outcome, decision: "none", reports: [...outcome.reports, report] };
}

function combine(a: HookOutcome, b: HookOutcome): HookOutcome {
  const updatedInput = a.updatedInput ?? b.updatedInput;
  const isTorn =
    a.updatedInput !== null && b.updatedInput !== null && !isDeepStrictEqual(a.updatedInput, b.updatedInput);
  const decision = isTorn ? "deny" : stronger(a.decision, b.decision);
  const torn = "Two hooks want to change what this tool is given in different ways";
  const reasons = [a, b].filter((outcome) => outcome.decision === decision).map(({ reason }) => reason);
  return {
    decision,
    reason: joined([...reasons, isTorn ? torn : ""]),
    updatedInput,
    context: [...a.context, ...b.context],
    block: joined([a.block, b.block]) || null,
    stop: joined([a.stop, b.stop]) || null,
    reports: [...a.reports, ...b.reports],
  };
}

function stronger(a: Decision, b: Decision): Decision {
  return STRENGTH.indexOf(a) > STRENGTH.indexOf(b) ? a : b;
}

function contextOf(text: string): string[] {
  if (text.length <= MAX_CONTEXT_CHARACTERS) return text === "" ? [] : [text];
  return [`${text.slice(0, MAX_CONTEXT_CHARACTERS)}\n… ${text.length - MAX_CONTEXT_CHARACTERS} characters more`];
}

function said(name: string, words: string): string {
  return `${name}: ${words}`;
}

function joined(parts: readonly (string | null)[]): string {
  return parts.filter(Boolean).join("\n");
}

import type { AgentName } from "../../contract/agents.ts";
import { AppError } from "../../contract/errors.ts";
import { fromClaude, toClaude, toClaudeResponse, type Call } from "./claude-tools.ts";
import type { Hooks } from "./create-hooks.ts";
import type { HookEvent } from "./hook-input.ts";
import type { HookOutcome } from "./merge-results.ts";

/** What hooks make of a tool call. The policy decides after them: no hook can allow what it refuses. */
export type ToolVerdict =
  | { readonly decision: "go_on" | "ask"; readonly reason: string; readonly input: unknown; readonly context: string }
  | { readonly decision: "deny"; readonly reason: string };

export interface ToolCall extends Call {
  readonly id: string;
}

export interface TurnStart {
  readonly id: string;
  readonly request: string;
  readonly from: "person" | "window" | "agent";
}

/** The hooks of one turn. Each of these throws when a hook ends the agent's work, and says so through `onStop`. */
export interface TurnHooks {
  sessionStarted(source: "startup" | "resume"): Promise<string>;
  /** Context for the model, or why the request is refused. A delegated request was not submitted by a person: none. */
  promptSubmitted(turn: TurnStart): Promise<{ readonly context: string; readonly refusal: string | null }>;
  beforeTool(call: ToolCall): Promise<ToolVerdict>;
  /** For the model, after the tool's own output. */
  afterTool(call: ToolCall, outcome: { readonly output: string; readonly failed: boolean }): Promise<string>;
  /** Why the agent must go on, if it must. */
  stopping(turn: TurnStart, end: { readonly text: string; readonly isContinued: boolean }): Promise<string | null>;
  /** What the summary must hold. */
  beforeCompact(trigger: "manual" | "auto"): Promise<string>;
}

export interface TurnHooksParts {
  readonly hooks: Hooks;
  readonly agent: AgentName;
  readonly workspace: string;
  readonly signal: AbortSignal;
  /** A line for people. */
  readonly report: (line: string) => void;
  readonly onStop: (reason: AppError) => void;
}

export function createTurnHooks(parts: TurnHooksParts): TurnHooks {
  const { workspace, agent } = parts;
  return {
    async sessionStarted(source) {
      return contextOf(await run(parts, { hook_event_name: "SessionStart", source }));
    },
    async promptSubmitted({ id, request, from }) {
      if (from === "agent") return { context: "", refusal: null };
      const outcome = await run(parts, { hook_event_name: "UserPromptSubmit", prompt: request, prompt_id: id });
      return { context: contextOf(outcome), refusal: outcome.block };
    },
    async beforeTool(call) {
      const outcome = await run(parts, { hook_event_name: "PreToolUse", ...toolInput(call, workspace) });
      return verdictOf(call, outcome);
    },
    async afterTool(call, { output, failed }) {
      const input = toolInput(call, workspace);
      const response = toClaudeResponse({ name: input.tool_name, input: input.tool_input }, output);
      const event: HookEvent = failed
        ? { hook_event_name: "PostToolUseFailure", ...input, error: output }
        : { hook_event_name: "PostToolUse", ...input, tool_response: response };
      const { block, context } = await run(parts, event);
      return [...(block === null ? [] : [block]), ...context].join("\n");
    },
    async stopping({ from }, { text, isContinued }) {
      const input = { stop_hook_active: isContinued, last_assistant_message: text };
      const event: HookEvent =
        from === "agent"
          ? { hook_event_name: "SubagentStop", agent_type: agent, ...input }
          : { hook_event_name: "Stop", ...input };
      return (await run(parts, event)).block;
    },
    async beforeCompact(trigger) {
      return contextOf(await run(parts, { hook_event_name: "PreCompact", trigger, custom_instructions: "" }));
    },
  };
}

async function run({ hooks, signal, report, onStop }: TurnHooksParts, event: HookEvent): Promise<HookOutcome> {
  const outcome = await hooks.run(event, signal);
  for (const line of outcome.reports) report(line);
  if (outcome.stop === null) return outcome;
  const reason = new AppError("task.failed", `A hook stopped the work. ${outcome.stop}`);
  onStop(reason);
  throw reason;
}

function toolInput(call: ToolCall, workspace: string) {
  const { name, input } = toClaude(call, workspace);
  return { tool_name: name, tool_input: input, tool_use_id: call.id };
}

function verdictOf(call: ToolCall, outcome: HookOutcome): ToolVerdict {
  const { decision, reason, updatedInput } = outcome;
  if (decision === "deny") return { decision, reason };
  const input = updatedInput === null ? call.input : fromClaude(call.tool, updatedInput);
  return { decision: decision === "ask" ? "ask" : "go_on", reason, input, context: contextOf(outcome) };
}

function contextOf({ context }: HookOutcome): string {
  return context.join("\n");
}

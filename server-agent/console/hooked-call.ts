import type { AgentTool } from "../agents/agent-tool.ts";
import type { TurnHooks } from "../hooks/turn-hooks.ts";
import type { CallOutcome } from "./outcomes.ts";

export type ToolHooks = Pick<TurnHooks, "beforeTool" | "afterTool">;

export interface ModelCall {
  readonly id: string;
  readonly input: unknown;
}

export type HookedCall =
  /** To be asked for; `question` when a hook wants a person to be asked whatever the policy says. */
  | { readonly refusal: null; readonly input: unknown; readonly question: string | null; readonly context: string }
  | { readonly refusal: string };

/** What hooks leave of a call, before the daemon decides on it. */
export async function passHooks(tool: AgentTool, call: ModelCall, hooks: ToolHooks): Promise<HookedCall> {
  const verdict = await hooks.beforeTool({ id: call.id, tool: tool.name, input: fieldsOf(call.input) });
  if (verdict.decision === "deny") return { refusal: verdict.reason };
  const input = tool.inputSchema.safeParse(verdict.input);
  if (!input.success) return { refusal: `A hook changed the call to one that ${tool.name} does not take` };
  const question = verdict.decision === "ask" ? verdict.reason : null;
  return { refusal: null, input: verdict.input, question, context: verdict.context };
}

/** The outcome with what hooks tell the model about it. An interrupt among the hooks does not undo what was done. */
export async function withHooksSay(
  outcome: CallOutcome,
  call: { readonly tool: AgentTool; readonly id: string; readonly input: unknown; readonly context: string },
  { hooks, signal }: { readonly hooks: ToolHooks; readonly signal: AbortSignal },
): Promise<CallOutcome> {
  const about = { id: call.id, tool: call.tool.name, input: fieldsOf(call.input) };
  let said = "";
  try {
    if (!signal.aborted) said = await hooks.afterTool(about, outcome);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  const told = [call.context, said].filter(Boolean).join("\n");
  return told === "" ? outcome : { ...outcome, output: `${outcome.output}\n\n${told}` };
}

/** Inputs of tools are objects. */
function fieldsOf(input: unknown): Readonly<Record<string, unknown>> {
  return typeof input === "object" && input !== null ? { ...input } : {};
}

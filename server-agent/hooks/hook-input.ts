import { z } from "zod";

export const HookEventName = z.enum([
  "SessionStart",
  "SessionEnd",
  "UserPromptSubmit",
  "Stop",
  "SubagentStop",
  "PreToolUse",
  "PostToolUse",
  "PostToolUseFailure",
  "PreCompact",
]);
export type HookEventName = z.infer<typeof HookEventName>;

interface ToolInput {
  readonly tool_name: string;
  readonly tool_input: Readonly<Record<string, unknown>>;
  readonly tool_use_id: string;
}

/** What happened, in the field names hooks read. What every event carries is added when hooks run. */
export type HookEvent =
  | { readonly hook_event_name: "SessionStart"; readonly source: "startup" | "resume" | "clear" | "compact" }
  | { readonly hook_event_name: "SessionEnd"; readonly reason: "clear" | "logout" | "prompt_input_exit" | "other" }
  | { readonly hook_event_name: "UserPromptSubmit"; readonly prompt: string; readonly prompt_id: string }
  | (StopInput & { readonly hook_event_name: "Stop" })
  | (StopInput & { readonly hook_event_name: "SubagentStop"; readonly agent_type: string })
  | (ToolInput & { readonly hook_event_name: "PreToolUse" })
  | (ToolInput & { readonly hook_event_name: "PostToolUse"; readonly tool_response: unknown })
  | (ToolInput & { readonly hook_event_name: "PostToolUseFailure"; readonly error: string })
  | {
      readonly hook_event_name: "PreCompact";
      readonly trigger: "manual" | "auto";
      readonly custom_instructions: string;
    };

interface StopInput {
  /** True when the agent goes on only because such a hook asked it to: blocking again may never end. */
  readonly stop_hook_active: boolean;
  readonly last_assistant_message: string;
}

/** An event on its way to one hook. */
export interface HookCall {
  readonly event: HookEventName;
  /** The whole input, as JSON. */
  readonly input: string;
  readonly signal: AbortSignal;
}

/** What matchers look at: the tool's names, or why the event came. None for events without matchers. */
export function matchedNames(event: HookEvent): readonly string[] | null {
  switch (event.hook_event_name) {
    case "PreToolUse":
    case "PostToolUse":
    case "PostToolUseFailure":
      return event.tool_name === "Task" ? ["Task", "Agent"] : [event.tool_name];
    case "SessionStart":
      return [event.source];
    case "SessionEnd":
      return [event.reason];
    case "PreCompact":
      return [event.trigger];
    case "SubagentStop":
      return [event.agent_type];
    case "UserPromptSubmit":
    case "Stop":
      return null;
  }
}

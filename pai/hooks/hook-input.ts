/** What a hook is told. Fields that did not come, or not as text, are empty. */
export interface HookInput {
  readonly event: string;
  readonly session: string;
  readonly cwd: string;
  readonly transcriptPath: string;
  readonly toolName: string;
  readonly toolInput: Readonly<Record<string, unknown>>;
  readonly toolUseId: string;
  readonly toolResponse: unknown;
  readonly error: string;
  readonly prompt: string;
  readonly promptId: string;
  readonly lastAssistantMessage: string;
  readonly source: string;
  readonly reason: string;
  readonly trigger: string;
}

/** Throws when the text is not the input of a hook. */
export function parseInput(text: string): HookInput {
  const fields: unknown = JSON.parse(text);
  if (!isRecord(fields)) throw new Error("the input of a hook is a JSON object");
  const say = (name: string): string => textOf(fields[name]);
  if (say("hook_event_name") === "") throw new Error("the input of a hook names its event");
  return {
    event: say("hook_event_name"),
    session: say("session_id"),
    cwd: say("cwd"),
    transcriptPath: say("transcript_path"),
    toolName: say("tool_name"),
    toolInput: isRecord(fields["tool_input"]) ? fields["tool_input"] : {},
    toolUseId: say("tool_use_id"),
    toolResponse: fields["tool_response"],
    error: say("error"),
    prompt: say("prompt") || say("user_prompt"),
    promptId: say("prompt_id"),
    lastAssistantMessage: say("last_assistant_message"),
    source: say("source"),
    reason: say("reason"),
    trigger: say("trigger"),
  };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

import { z } from "zod";
import type { GroupEnd } from "../platform/run-group.ts";
import type { HookEventName } from "./hook-input.ts";

/** What a hook made of an event. */
export type HookResult =
  /** It could not be run, or nobody can tell what it meant. */
  | { readonly kind: "failed"; readonly problem: string }
  /** Exit code 2. */
  | { readonly kind: "blocked"; readonly reason: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "answer"; readonly answer: HookAnswer };

const specific = {
  hookEventName: z.string().optional(),
  permissionDecision: z.enum(["allow", "deny", "ask", "defer"]).optional(),
  permissionDecisionReason: z.string().optional(),
  updatedInput: z.record(z.string(), z.unknown()).optional(),
  additionalContext: z.string().optional(),
};
const general = {
  continue: z.boolean().optional(),
  stopReason: z.string().optional(),
  suppressOutput: z.boolean().optional(),
  systemMessage: z.string().optional(),
  decision: z.enum(["approve", "block"]).optional(),
  reason: z.string().optional(),
};
const HookAnswer = z.object({ ...general, hookSpecificOutput: z.object(specific).optional() });
export type HookAnswer = z.infer<typeof HookAnswer>;

/** Before a tool, a field we do not know may be a misspelt refusal. */
const StrictHookAnswer = z.strictObject({ ...general, hookSpecificOutput: z.strictObject(specific).optional() });

export interface ProgramEnd extends GroupEnd {
  readonly stdout: string;
  readonly stderr: string;
}

export function resultOfProgram(event: HookEventName, end: ProgramEnd): HookResult {
  if (end.reason === "timed_out") return failed("it did not end in time");
  if (end.reason !== "exited") return failed("it was killed");
  if (end.code === 2) return { kind: "blocked", reason: end.stderr.trim() };
  if (end.code !== 0) return failed(`exit code ${String(end.code)}${after(end.stderr)}`);
  const output = end.stdout.trim();
  if (output.startsWith("{")) return parseAnswer(event, output);
  if (event === "PreToolUse" && DECIDING.test(output)) return failed("its answer stands among other text");
  return { kind: "text", text: output };
}

const DECIDING = /"(permissionDecision|decision|continue)"\s*:/;

export function resultOfResponse(
  event: HookEventName,
  response: { readonly status: number; readonly body: string },
): HookResult {
  if (response.status < 200 || response.status > 299) return failed(`it answered with status ${response.status}`);
  const body = response.body.trim();
  return body === "" ? { kind: "text", text: "" } : parseAnswer(event, body);
}

function parseAnswer(event: HookEventName, text: string): HookResult {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return failed("its answer is not JSON");
  }
  const answer = (event === "PreToolUse" ? StrictHookAnswer : HookAnswer).safeParse(json);
  if (!answer.success) return failed(`its answer cannot be understood: ${z.prettifyError(answer.error)}`);
  const name = answer.data.hookSpecificOutput?.hookEventName;
  if (name !== undefined && name !== event) return failed(`its answer is for ${name}, not for ${event}`);
  return { kind: "answer", answer: answer.data };
}

export function failed(problem: string): HookResult {
  return { kind: "failed", problem };
}

function after(text: string): string {
  const line = text.trim().slice(0, 500);
  return line === "" ? "" : `: ${line}`;
}

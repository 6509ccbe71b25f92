import { mkdirSync, renameSync } from "node:fs";
import path from "node:path";
import { SILENT, type HookExit, type HookPlace } from "./hook.ts";
import type { HookInput } from "./hook-input.ts";
import { appendLine, sizeOf, timeName } from "./memory-files.ts";
import { archiveFolder, traceFile } from "./memory-layout.ts";
import { hideSecrets } from "./secret-shapes.ts";

const MAX_TRACE_BYTES = 8 * 1024 * 1024;
const PREVIEW_CHARACTERS = 300;
/** Beyond the preview, so that a secret is not cut before it is known as one. */
const SEARCHED_CHARACTERS = 4_000;

/** PostToolUse, PostToolUseFailure: one line of the hot trace for each call. A full trace moves to the archive whole. */
export function toolTrace(input: HookInput, place: HookPlace): HookExit {
  const file = traceFile(place, input.session);
  if (sizeOf(file) > MAX_TRACE_BYTES) archive(file, archiveFolder(place, input.session), place.now);
  const failed = input.event === "PostToolUseFailure";
  appendLine(file, {
    timestamp: place.now.toISOString(),
    event: "tool_use",
    session_id: input.session,
    agent: place.agent,
    tool_name: input.toolName,
    tool_use_id: input.toolUseId,
    failed,
    tool_input_preview: preview(input.toolInput),
    tool_response_preview: preview(failed ? input.error : input.toolResponse),
  });
  return SILENT;
}

function archive(file: string, folder: string, now: Date): void {
  mkdirSync(folder, { recursive: true });
  renameSync(file, path.join(folder, `TRACE-${timeName(now)}.jsonl`));
}

function preview(value: unknown): string {
  const whole = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  const text = hideSecrets(whole.slice(0, SEARCHED_CHARACTERS));
  return text.length > PREVIEW_CHARACTERS ? `${text.slice(0, PREVIEW_CHARACTERS - 1)}…` : text;
}

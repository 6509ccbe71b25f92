import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import type { BetaMessageParam } from "@anthropic-ai/sdk/resources/beta/messages/messages";
import { GO_ON, TEAM_TOOL_PREFIX } from "../../../contract/console-api.ts";
import { writeWhole } from "../../platform/write-whole.ts";
import { blocksOf } from "../conversation.ts";

export interface TranscriptPlace {
  readonly configFolder: string;
  /** In which the program works. */
  readonly cwd: string;
  readonly session: string;
  readonly model: string;
}

/** What the program is to find in its transcript, and what it is asked: the words of people and hooks since the last answer. */
export function splitConversation(messages: readonly BetaMessageParam[]): {
  readonly told: readonly BetaMessageParam[];
  readonly prompt: readonly unknown[];
} {
  const at = messages.findLastIndex((message) => message.role !== "user" || !blocksOf(message).every(isText)) + 1;
  const words = messages.slice(at).flatMap((message) => contentOf(message));
  return { told: messages.slice(0, at), prompt: [...words, { type: "text", text: GO_ON }] };
}

function isText({ type }: { readonly type: string }): boolean {
  return type === "text";
}

/** Blocks that mean the same to every driver; what a tool of the provider left is told by the answer that followed. */
const KEPT = new Set(["text", "thinking", "redacted_thinking", "tool_use", "tool_result", "image"]);

/**
 * Writes a conversation as the program would have written it itself, so that it can resume it. The journal stays what
 * counts: this file is made anew for each start, and gone after it.
 */
export async function writeTranscript(
  messages: readonly BetaMessageParam[],
  place: TranscriptPlace,
): Promise<{ remove(): Promise<void> }> {
  const folder = path.join(place.configFolder, "projects", place.cwd.replace(/[^A-Za-z0-9]/g, "-"));
  const file = path.join(folder, `${place.session}.jsonl`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // A session that begins has no file yet.
  if (messages.length === 0) await rm(file, { force: true });
  else await writeWhole(file, jsonLines(transcriptLines(messages, place)), 0o600);
  return { remove: async () => await rm(file, { force: true }) };
}

function jsonLines(lines: readonly unknown[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

export function transcriptLines(
  messages: readonly BetaMessageParam[],
  { cwd, session, model }: Omit<TranscriptPlace, "configFolder">,
): Record<string, unknown>[] {
  let parentUuid: string | null = null;
  return messages.map((message) => {
    const uuid = randomUUID();
    const line = {
      parentUuid,
      isSidechain: false,
      userType: "external",
      cwd,
      sessionId: session,
      type: message.role,
      message:
        message.role === "assistant" ? answerLine(message, model) : { role: "user", content: contentOf(message) },
      uuid,
      timestamp: new Date().toISOString(),
    };
    parentUuid = uuid;
    return line;
  });
}

function answerLine(message: BetaMessageParam, model: string): Record<string, unknown> {
  const content = contentOf(message);
  const usage = { input_tokens: 0, output_tokens: 0 };
  const known = { id: `msg_${randomUUID()}`, type: "message", role: "assistant", model, usage };
  return { ...known, content, stop_reason: "end_turn", stop_sequence: null };
}

function contentOf(message: BetaMessageParam): unknown[] {
  const kept = blocksOf(message).filter(({ type }) => KEPT.has(type));
  if (kept.length === 0) return [{ type: "text", text: "(nothing)" }];
  return kept.map((block) => {
    if (block.type === "text") return { type: "text", text: block.text };
    return block.type === "tool_use" ? { ...block, name: `${TEAM_TOOL_PREFIX}${block.name}` } : block;
  });
}

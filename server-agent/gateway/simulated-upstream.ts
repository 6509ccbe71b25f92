import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { AgentName } from "../../contract/agents.ts";
import type { TokenCounts } from "../../contract/model-prices.ts";
import { type MessagesRequest, offeredName, readConversation } from "./messages-request.ts";
import { planReply, type ReplyPart } from "./plan-reply.ts";
import { startEventStream, writeEvent } from "./event-stream.ts";

const DELTA_CHARACTERS = 4;
const DELTA_MS = 5;
const SLOW_DELTA_MS = 25;
const THINKING_WORDS = "Turning it over. ";

export interface SimulatedUse {
  readonly tokens: TokenCounts;
  readonly firstTokenMs: number | null;
}

/** Answers as the Messages API would, with the planned reply instead of a model's. The caller ends the response. */
export async function answerSimulated(
  request: MessagesRequest,
  response: ServerResponse,
  agent: AgentName,
): Promise<SimulatedUse> {
  const started = performance.now();
  const parts = planReply(readConversation(request, agent)).map((part) =>
    part.type === "tool_use" ? { ...part, name: offeredName(request, part.name) } : part,
  );
  const message = {
    id: `msg_simulated_${randomUUID()}`,
    type: "message",
    role: "assistant",
    model: request.model,
    stop_sequence: null,
  };
  const usage = { input_tokens: tokens(JSON.stringify(request.messages)), output_tokens: 1 };
  const outputTokens = tokens(JSON.stringify(parts));
  const stopReason = parts.some((part) => part.type === "tool_use") ? "tool_use" : "end_turn";
  if (!request.stream) {
    const content = parts.map((part) => wholeBlock(part));
    const whole = { ...message, content, stop_reason: stopReason, usage: { ...usage, output_tokens: outputTokens } };
    response.writeHead(200, { "content-type": "application/json" }).write(JSON.stringify(whole));
    return { tokens: countsOf(usage.input_tokens, outputTokens), firstTokenMs: performance.now() - started };
  }
  startEventStream(response);
  writeEvent(response, { type: "message_start", message: { ...message, content: [], stop_reason: null, usage } });
  const firstTokenMs = performance.now() - started;
  for (const [index, part] of parts.entries()) await streamPart(response, index, part);
  const delta = { stop_reason: stopReason, stop_sequence: null };
  writeEvent(response, { type: "message_delta", delta, usage: { output_tokens: outputTokens } });
  writeEvent(response, { type: "message_stop" });
  return { tokens: countsOf(usage.input_tokens, outputTokens), firstTokenMs };
}

function countsOf(input: number, output: number): TokenCounts {
  return { input, output, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0 };
}

async function streamPart(response: ServerResponse, index: number, part: ReplyPart): Promise<void> {
  writeEvent(response, { type: "content_block_start", index, content_block: emptyBlock(part) });
  for await (const delta of deltasOf(part, response)) {
    if (response.destroyed) return;
    if (!writeEvent(response, { type: "content_block_delta", index, delta })) {
      await Promise.race([once(response, "drain"), once(response, "close")]);
    }
  }
  writeEvent(response, { type: "content_block_stop", index });
}

async function* deltasOf(part: ReplyPart, response: ServerResponse): AsyncIterable<Record<string, string>> {
  switch (part.type) {
    case "text":
      for (const text of pieces(part.text)) {
        yield { type: "text_delta", text };
        await pause(part.slowly ? SLOW_DELTA_MS : DELTA_MS);
      }
      return;
    case "tool_use":
      for (const partial_json of pieces(JSON.stringify(part.input))) yield { type: "input_json_delta", partial_json };
      return;
    case "thinking":
      for (let tick = 0; tick < part.seconds * 2 && !response.destroyed; tick += 1) {
        yield { type: "thinking_delta", thinking: THINKING_WORDS };
        writeEvent(response, { type: "ping" });
        await pause(500);
      }
      yield { type: "signature_delta", signature: "simulated" };
  }
}

function emptyBlock(part: ReplyPart): Record<string, unknown> {
  switch (part.type) {
    case "text":
      return { type: "text", text: "" };
    case "tool_use":
      return { type: "tool_use", id: `toolu_simulated_${randomUUID()}`, name: part.name, input: {} };
    case "thinking":
      return { type: "thinking", thinking: "", signature: "" };
  }
}

function wholeBlock(part: ReplyPart): Record<string, unknown> {
  switch (part.type) {
    case "text":
      return { type: "text", text: part.text };
    case "tool_use":
      return { ...emptyBlock(part), input: part.input };
    case "thinking":
      return { type: "thinking", thinking: THINKING_WORDS, signature: "simulated" };
  }
}

function pieces(text: string): string[] {
  return text.match(new RegExp(`[\\s\\S]{1,${DELTA_CHARACTERS}}`, "gu")) ?? [];
}

function tokens(text: string): number {
  return Math.ceil(text.length / 4);
}

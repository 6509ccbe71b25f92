import { z } from "zod";
import type { TokenCounts } from "../../contract/model-prices.ts";

export interface Metered {
  /** As the answer names it; null while it has not. */
  readonly model: string | null;
  readonly tokens: TokenCounts;
  /** Words, thoughts or a tool's input have begun to come. */
  readonly hasBegun: boolean;
}

/** Reads the token counts out of an answer that passes by, streamed or whole, and keeps nothing else. */
export interface UsageMeter {
  add(chunk: Uint8Array): void;
  read(): Metered;
}

const Usage = z.looseObject({
  input_tokens: z.number().nullish(),
  output_tokens: z.number().nullish(),
  cache_creation_input_tokens: z.number().nullish(),
  cache_read_input_tokens: z.number().nullish(),
  cache_creation: z.looseObject({ ephemeral_1h_input_tokens: z.number().nullish() }).nullish(),
});
const Answer = z.looseObject({ model: z.string(), usage: Usage });
const StreamEvent = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("message_start"), message: Answer }),
  z.looseObject({ type: z.literal("content_block_delta"), delta: z.record(z.string(), z.unknown()) }),
  z.looseObject({ type: z.literal("message_delta"), usage: Usage }),
]);

/** Every this many characters of a stream that was cut count as a token: its own count never came. */
const CHARACTERS_PER_TOKEN = 4;

const NO_TOKENS: TokenCounts = { input: 0, output: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0 };

export function meterUsage(contentType: string | null): UsageMeter {
  return contentType?.includes("event-stream") ? meterStream() : meterWhole();
}

function meterStream(): UsageMeter {
  const decoder = new TextDecoder();
  let tail = "";
  let model: string | null = null;
  let tokens = NO_TOKENS;
  let characters = 0;
  let isCounted = false;
  const take = (event: z.infer<typeof StreamEvent>): void => {
    if (event.type === "message_start") {
      ({ model } = event.message);
      tokens = merge(tokens, event.message.usage);
    }
    if (event.type === "content_block_delta") characters += textLength(event.delta);
    if (event.type === "message_delta") {
      tokens = merge(tokens, event.usage);
      isCounted = true;
    }
  };
  return {
    add(chunk) {
      const lines = (tail + decoder.decode(chunk, { stream: true })).split("\n");
      tail = lines.pop() ?? "";
      for (const line of lines) {
        const event = line.startsWith("data:") ? parse(StreamEvent, line.slice("data:".length)) : null;
        if (event) take(event);
      }
    },
    read() {
      const written = Math.ceil(characters / CHARACTERS_PER_TOKEN);
      const output = isCounted ? tokens.output : Math.max(tokens.output, written);
      return { model, tokens: { ...tokens, output }, hasBegun: characters > 0 };
    },
  };
}

function meterWhole(): UsageMeter {
  const chunks: Uint8Array[] = [];
  return {
    add: (chunk) => void chunks.push(chunk),
    read() {
      const answer = parse(Answer, Buffer.concat(chunks).toString("utf8"));
      const tokens = answer ? merge(NO_TOKENS, answer.usage) : NO_TOKENS;
      return { model: answer?.model ?? null, tokens, hasBegun: answer !== null };
    },
  };
}

/** Null for what is not of this form. */
function parse<T>(schema: z.ZodType<T>, json: string): T | null {
  try {
    return schema.safeParse(JSON.parse(json)).data ?? null;
  } catch {
    return null;
  }
}

/** Of the text, thought or tool input that a delta carries. */
function textLength(delta: Readonly<Record<string, unknown>>): number {
  return ["text", "thinking", "partial_json"].reduce((sum, name) => {
    const text = delta[name];
    return typeof text === "string" ? sum + text.length : sum;
  }, 0);
}

/** Later counts replace earlier ones; a count that is missing stays. */
function merge(before: TokenCounts, usage: z.infer<typeof Usage>): TokenCounts {
  const hour = usage.cache_creation?.ephemeral_1h_input_tokens ?? before.cacheWrite1h;
  const written = usage.cache_creation_input_tokens ?? before.cacheWrite5m + before.cacheWrite1h;
  return {
    input: usage.input_tokens ?? before.input,
    output: usage.output_tokens ?? before.output,
    cacheWrite5m: Math.max(0, written - hour),
    cacheWrite1h: hour,
    cacheRead: usage.cache_read_input_tokens ?? before.cacheRead,
  };
}

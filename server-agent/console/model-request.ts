import Anthropic from "@anthropic-ai/sdk";
import type {
  BetaCacheControlEphemeral,
  BetaMessageParam,
  BetaTextBlockParam,
  BetaThinkingConfigParam,
} from "@anthropic-ai/sdk/resources/beta/messages/messages";
import { modelFacts } from "../../contract/model-prices.ts";
import type { AgentProfile } from "../../contract/console-api.ts";
import { blocksOf, checkpointIndex, type Conversation, type SentParts, sentMessages } from "./conversation.ts";

export type ModelProfile = Pick<AgentProfile, "model" | "prompt" | "maxTokens" | "effort" | "thinking">;

const MAX_RETRIES = 4;
const REQUEST_TIMEOUT_MS = 15 * 60_000;
/** Of a model that is not in the table: what the smallest ones have. */
const SMALLEST_WINDOW = 200_000;
/** Of the window, in characters, for what a checkpoint keeps: a fifth, at three characters for a token. */
const KEPT_CHARACTERS = 0.6;

/** Its requests go to the gateway, which holds the key. */
export function createClient(fetch: typeof globalThis.fetch): Anthropic {
  return new Anthropic({
    apiKey: "held-by-the-gateway",
    baseURL: "http://gateway",
    fetch,
    maxRetries: MAX_RETRIES,
    timeout: REQUEST_TIMEOUT_MS,
    logLevel: "off",
  });
}

export function windowOf({ model }: ModelProfile): number {
  return modelFacts(model)?.window ?? SMALLEST_WINDOW;
}

export function sentParts(
  profile: ModelProfile,
  { canSendThoughts }: { readonly canSendThoughts: boolean },
): SentParts {
  const thoughts = profile.thinking === "adaptive" ? "since_checkpoint" : "all";
  return { keptCharacters: windowOf(profile) * KEPT_CHARACTERS, thoughts: canSendThoughts ? thoughts : "none" };
}

/**
 * What every request of a turn has in common, so that the provider reads its beginning from its cache: tools and system
 * prompt end with a mark, so does what stood before this turn (`markedMessages`); the third mark moves along by itself
 * with the last block.
 */
export function sameParams(profile: ModelProfile) {
  return {
    model: profile.model,
    max_tokens: profile.maxTokens,
    output_config: { effort: profile.effort },
    system: [{ type: "text", text: profile.prompt, cache_control: CACHED } satisfies BetaTextBlockParam],
    cache_control: CACHED,
    thinking: thinkingParam(profile),
  };
}

export function markedMessages(conversation: Conversation, parts: SentParts): BetaMessageParam[] {
  const stable = checkpointIndex(conversation.entries) < 0 ? conversation.before.length - 1 : 0;
  return sentMessages(conversation, parts).map((message, index) =>
    index === stable ? withCacheMark(message) : message,
  );
}

const CACHED: BetaCacheControlEphemeral = { type: "ephemeral" };

function withCacheMark(message: BetaMessageParam): BetaMessageParam {
  if (message.role !== "user") return message;
  const blocks = blocksOf(message);
  const last = blocks.at(-1);
  if (last?.type !== "text") return message;
  return { role: "user", content: [...blocks.slice(0, -1), { ...last, cache_control: CACHED }] };
}

/** Asked for in words: some models else think without showing anything, also what they say between two tool calls. */
function thinkingParam({ thinking }: ModelProfile): BetaThinkingConfigParam {
  if (thinking === "off") return { type: "disabled" };
  if (thinking === "adaptive") return { type: "adaptive", display: "summarized" };
  return { type: "enabled", budget_tokens: thinking };
}

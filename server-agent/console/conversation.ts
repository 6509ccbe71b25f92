import type { BetaMessageParam } from "@anthropic-ai/sdk/resources/beta/messages/messages";
import type { JournalEntry } from "../../contract/console-api.ts";

/** An entry of the journal, as the Messages API takes it. */
export interface Entry extends Omit<JournalEntry, "message"> {
  readonly message: BetaMessageParam;
}

export interface Conversation {
  /** The exchanges before, and the request of this turn as the last one. */
  readonly before: readonly BetaMessageParam[];
  readonly entries: readonly Entry[];
}

export interface SentParts {
  /** How many characters all results of tools that a checkpoint keeps may have together. */
  readonly keptCharacters: number;
  /** Models check thoughts against all that stood before them, so those before a checkpoint are of no use any more. */
  readonly thoughts: "all" | "since_checkpoint" | "none";
}

/** What the model is sent. What has been sent once stands there unchanged the next time, up to the next checkpoint. */
export function sentMessages({ before, entries }: Conversation, parts: SentParts): BetaMessageParam[] {
  const since = checkpointIndex(entries) + 1;
  const after = entries.slice(since).map(({ message }) => message);
  const checkpoint = entries[since - 1];
  const sent = checkpoint
    ? [checkpoint.message, ...keptMessages(entries, since, parts), ...after]
    : [...before, ...after];
  return parts.thoughts === "none" ? sent.map(withoutThoughts) : sent;
}

function keptMessages(
  entries: readonly Entry[],
  since: number,
  { keptCharacters, thoughts }: SentParts,
): BetaMessageParam[] {
  const kept = entries.slice(entries[since - 1]?.keptFrom ?? since, since - 1).map(({ message }) => message);
  const results = kept.flatMap(blocksOf).filter(({ type }) => type === "tool_result");
  const limit = Math.floor(keptCharacters / Math.max(results.length, 1));
  const short = kept.map((message) => withShortResults(message, limit));
  return thoughts === "since_checkpoint" ? short.map(withoutThoughts) : short;
}

/** Of the last checkpoint; -1 when there is none. */
export function checkpointIndex(entries: readonly Entry[]): number {
  return entries.findLastIndex(({ kind }) => kind === "checkpoint");
}

/** A text is about a token for every three characters; counting low would be the worse mistake. */
const CHARACTERS_PER_TOKEN = 3;

export function estimateTokens(messages: readonly BetaMessageParam[]): number {
  return Math.ceil(messages.reduce((sum, message) => sum + JSON.stringify(message).length, 0) / CHARACTERS_PER_TOKEN);
}

/** How long the conversation is: as the model counted it last, and an estimate of what came since. */
export function contextTokens(conversation: Conversation, parts: SentParts): number {
  const since = checkpointIndex(conversation.entries) + 1;
  const fresh = conversation.entries.slice(since);
  const counted = fresh.findLastIndex(({ tokens }) => tokens !== undefined);
  if (counted < 0) return estimateTokens(sentMessages(conversation, parts));
  return (fresh[counted]?.tokens ?? 0) + estimateTokens(fresh.slice(counted + 1).map(({ message }) => message));
}

/** What was said and what was thought, in order; each with its number among its own kind. */
export interface Utterance {
  readonly kind: "said" | "thought";
  readonly messageIndex: number;
  readonly text: string;
}

export function utterancesOf(messages: readonly BetaMessageParam[]): Utterance[] {
  const next = { said: 0, thought: 0 };
  return messages
    .filter(({ role }) => role === "assistant")
    .flatMap(joinedTexts)
    .flatMap((block): Utterance[] => {
      if (block.type === "text") return [{ kind: "said", messageIndex: next.said++, text: block.text }];
      if (block.type === "thinking") return [{ kind: "thought", messageIndex: next.thought++, text: block.thinking }];
      return [];
    });
}

/** A text with citations comes in pieces, one block each; neighbours are one text. */
function joinedTexts(message: BetaMessageParam): readonly Block[] {
  return blocksOf(message).reduce<Block[]>((joined, block) => {
    const before = joined.at(-1);
    if (block.type !== "text" || before?.type !== "text") return [...joined, block];
    return [...joined.slice(0, -1), { type: "text", text: before.text + block.text }];
  }, []);
}

/** An answer that wants nothing more to be done. */
export function isFinal(message: BetaMessageParam | undefined): boolean {
  return message?.role === "assistant" && !hasOpenCalls(message) && !isPaused(message);
}

/** An answer whose calls have no results yet. Results must follow their calls at once. */
export function hasOpenCalls(message: BetaMessageParam | undefined): boolean {
  return message?.role === "assistant" && blocksOf(message).some(({ type }) => type === "tool_use");
}

/** The provider's own tool takes long: the model goes on when it is asked again. */
function isPaused(message: BetaMessageParam): boolean {
  return blocksOf(message).at(-1)?.type === "server_tool_use";
}

export function lastWords(messages: readonly BetaMessageParam[]): string {
  const last = messages.findLast(({ role }) => role === "assistant");
  const said = last ? utterancesOf([last]).filter(({ kind }) => kind === "said") : [];
  return said.map(({ text }) => text).join("\n\n");
}

type Block = Exclude<NonNullable<BetaMessageParam["content"]>, string>[number];

export function blocksOf(message: BetaMessageParam): readonly Block[] {
  if (typeof message.content === "string") return [{ type: "text", text: message.content }];
  return message.content ?? [];
}

export function withoutThoughts(message: BetaMessageParam): BetaMessageParam {
  if (message.role !== "assistant") return message;
  const content = blocksOf(message).filter(({ type }) => type !== "thinking" && type !== "redacted_thinking");
  return content.length === 0 ? { ...message, content: "(thought)" } : { ...message, content };
}

/** With the beginning and the end of results that are longer. */
export function withShortResults(message: BetaMessageParam, limit: number): BetaMessageParam {
  if (message.role !== "user" || typeof message.content === "string") return message;
  return { ...message, content: blocksOf(message).map((block) => shortResult(block, limit)) };
}

function shortResult(block: Block, limit: number): Block {
  if (block.type !== "tool_result") return block;
  const text = typeof block.content === "string" ? block.content : textOf(block.content ?? []);
  if (text === null || text.length <= limit) return block;
  const half = Math.floor(limit / 2);
  const note = `\n… ${text.length - 2 * half} characters left out to save room; look again if they are needed …\n`;
  return { ...block, content: text.slice(0, half) + note + text.slice(text.length - half) };
}

/** Null when there is more than text in it. */
function textOf(content: readonly { readonly type: string }[]): string | null {
  const texts = content.map((part) => ("text" in part && typeof part.text === "string" ? part.text : null));
  return texts.includes(null) ? null : texts.join("\n");
}

import { APIError } from "@anthropic-ai/sdk/error";
import type { BetaMessage, BetaMessageParam } from "@anthropic-ai/sdk/resources/beta/messages/messages";
import {
  checkpointIndex,
  contextTokens,
  type Conversation,
  estimateTokens,
  lastWords,
  type SentParts,
  withoutThoughts,
  withShortResults,
} from "./conversation.ts";
import type { TurnJournal } from "./turn-journal.ts";
import type { TurnView } from "./turn-view.ts";

/** Before a conversation is compacted. What it gives is told to the one who writes the summary. */
export type BeforeCompaction = (about: { readonly tokens: number }) => Promise<string | null>;

export interface CompactParts {
  readonly journal: TurnJournal;
  readonly view: Pick<TurnView, "note">;
  readonly sent: SentParts;
  readonly window: number;
  readonly beforeCompaction?: BeforeCompaction | undefined;
  /** Asks the model about the conversation so far, in the same words as every other request. */
  readonly ask: (messages: readonly BetaMessageParam[]) => Promise<Pick<BetaMessage, "content">>;
  /** The conversation so far. */
  readonly messages: () => readonly BetaMessageParam[];
}

const FULL = 0.8;
/** Of the window, for the last steps that stay as they are. */
const KEPT = 0.1;
const MAX_REQUEST_CHARACTERS = 20_000;
const SHORT_RESULT = 2_000;

export function isFull({ journal, sent, window }: Pick<CompactParts, "journal" | "sent" | "window">): boolean {
  return canCompact(journal.conversation) && contextTokens(journal.conversation, sent) > window * FULL;
}

/** Whether there is anything that a summary could stand for. */
export function canCompact({ entries }: Conversation): boolean {
  const since = checkpointIndex(entries) + 1;
  return since === 0 || entries.slice(since).some(({ kind }) => kind === "assistant");
}

/**
 * Puts a summary in the place of all but the last steps. The whole conversation stays in the journal; when the process
 * dies before the checkpoint is stored, the next one begins this again.
 */
export async function compact(parts: CompactParts): Promise<void> {
  const { journal, view, sent, window, beforeCompaction } = parts;
  const tokens = contextTokens(journal.conversation, sent);
  view.note(`The conversation is ${tokens} tokens long: making a summary of it`);
  const wishes = (await beforeCompaction?.({ tokens })) ?? null;
  const summary = await summarise(parts, wishes);
  const keptFrom = firstKept(journal.conversation, window * KEPT);
  const request = lastWords([{ role: "assistant", content: journal.conversation.before.at(-1)?.content ?? "" }]);
  const content = checkpointText(request, summary);
  await journal.append({ kind: "checkpoint", message: { role: "user", content }, keptFrom });
  view.note(`Now it is ${contextTokens(journal.conversation, sent)} tokens long; all of it stays in the journal`);
}

/** An answer of the model, so that no call is separated from its result; at least the last one. */
function firstKept({ entries }: Conversation, maxTokens: number): number {
  const since = checkpointIndex(entries) + 1;
  const starts = entries.flatMap(({ kind }, index) => (kind === "assistant" && index >= since ? index : []));
  const size = (from: number): number => estimateTokens(entries.slice(from).map(({ message }) => message));
  return starts.find((from) => size(from) <= maxTokens) ?? starts.at(-1) ?? entries.length;
}

async function summarise({ ask, messages: read }: CompactParts, wishes: string | null): Promise<string> {
  const messages = read();
  const instruction: BetaMessageParam = { role: "user", content: [INSTRUCTION, wishes].filter(Boolean).join("\n\n") };
  try {
    return words(await ask([...messages, instruction]));
  } catch (error) {
    if (!isTooLong(error)) throw error;
    // Thoughts are checked against what stands before them, which is another text then.
    const short = messages.map((message) => withoutThoughts(withShortResults(message, SHORT_RESULT)));
    return words(await ask([...short, instruction]));
  }
}

function words({ content }: Pick<BetaMessage, "content">): string {
  const said = content.flatMap((block) => (block.type === "text" ? block.text : []));
  return said.join("\n\n").trim() || NO_SUMMARY;
}

/** The request did not fit into the model's window. */
export function isTooLong(error: unknown): boolean {
  return (
    error instanceof APIError && error.status === 400 && /prompt is too long|exceed context limit/i.test(error.message)
  );
}

const NO_SUMMARY = "(There is no summary of what came before. Look at the files before you go on.)";

const INSTRUCTION = `This conversation is getting too long to go on with, so it will be replaced by your summary and its
last steps. Use no tool now. Write down everything you need to go on as if nothing had happened: what was asked, in the
person's own words where they matter, and what people added since; what was decided and why; what was done, with exact
paths, commands, names and results; what failed, and what must not be tried again; what is still open, and the next step.
Leave out what no longer matters. Passwords and keys do not belong in it.`;

function checkpointText(request: string, summary: string): string {
  const asked =
    request.length > MAX_REQUEST_CHARACTERS ? `${request.slice(0, MAX_REQUEST_CHARACTERS)}\n… (cut here)` : request;
  return `The task:\n${asked}\n\nThe conversation so far was replaced by this summary of yours:\n${summary}\n\nGo on from here.`;
}

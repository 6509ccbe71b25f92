import type { BetaMessageParam, BetaUsage } from "@anthropic-ai/sdk/resources/beta/messages/messages";
import { utterancesOf, type Utterance } from "./conversation.ts";
import type { DriverParts } from "./drivers/driver.ts";
import type { AnswerShow } from "./show-answer.ts";
import { TurnLeft } from "./turn-left.ts";

export interface Answer {
  readonly message: BetaMessageParam;
  readonly usage: Pick<
    BetaUsage,
    "input_tokens" | "output_tokens" | "cache_creation_input_tokens" | "cache_read_input_tokens"
  >;
}

/** The beginning of a step: the answer is journalled, then its words are stored as messages; then its tools may run. */
export async function keepAnswer({ message, usage }: Answer, show: AnswerShow, parts: DriverParts): Promise<void> {
  const { journal } = parts;
  const before = utterancesOf(journal.added()).length;
  const cached = (usage.cache_creation_input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0);
  journal.appendWithCall({ kind: "assistant", message, tokens: usage.input_tokens + cached + usage.output_tokens });
  for (const utterance of utterancesOf(journal.added()).slice(before)) {
    await journal.settled();
    const ms = utterance.kind === "thought" ? show.thoughtMs(utterance.messageIndex) : undefined;
    await sayOne(parts, { ...utterance, ms });
  }
}

export async function sayOne(
  { say }: Pick<DriverParts, "say">,
  utterance: Utterance & { readonly ms?: number | undefined },
): Promise<void> {
  if (utterance.text !== "") await say(utterance);
}

/** What the last step did is kept before anything may stop the turn; a step with a call that is still open is no step yet. */
export async function endOfStep(
  results: BetaMessageParam | null,
  { journal, control, tools }: Pick<DriverParts, "journal" | "control" | "tools">,
): Promise<void> {
  control.signal.throwIfAborted();
  if (tools.some(({ name, endsTurn }) => endsTurn && journal.calls.hasDone(name))) throw new TurnLeft();
  if (journal.calls.hasOpen()) throw new TurnLeft();
  if (results) journal.appendFollowing({ kind: "tool_results", message: results });
  if (!control.leave.aborted) return;
  await journal.settled();
  throw new TurnLeft();
}

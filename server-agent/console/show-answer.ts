import type { BetaRawMessageStreamEvent } from "@anthropic-ai/sdk/resources/beta/messages/messages";
import type { Utterance } from "./conversation.ts";
import type { TurnView } from "./turn-view.ts";

/** Shows an answer while it streams, and remembers how long each thought took. */
export interface AnswerShow {
  take(event: BetaRawMessageStreamEvent): void;
  /** Undefined when that was not seen. */
  thoughtMs(messageIndex: number): number | undefined;
}

export function showAnswer(view: TurnView, said: readonly Utterance[]): AnswerShow {
  const next = { said: countOf(said, "said"), thought: countOf(said, "thought") };
  const took = new Map<number, number>();
  let thinkingSince: number | null = null;
  let openText = false;
  const endText = (): void => {
    if (openText) view.textEnded();
    openText = false;
  };
  const start = (kind: Utterance["kind"]): void => {
    view.textStarted({ kind, messageIndex: next[kind] });
    thinkingSince = kind === "thought" ? performance.now() : null;
    next[kind] += 1;
  };
  return {
    take(event) {
      // Neighbouring blocks of text are one text.
      if (event.type === "content_block_start" && event.content_block.type === "text" && !openText) start("said");
      if (event.type === "content_block_start") {
        if (event.content_block.type === "text") openText = true;
        else endText();
      }
      if (event.type === "content_block_start" && event.content_block.type === "thinking") start("thought");
      if (event.type === "content_block_delta" && event.delta.type === "text_delta") view.text(event.delta.text);
      if (event.type === "content_block_delta" && event.delta.type === "thinking_delta")
        view.text(event.delta.thinking);
      if (event.type === "message_stop") endText();
      if (event.type !== "content_block_stop" || thinkingSince === null) return;
      took.set(next.thought - 1, Math.round(performance.now() - thinkingSince));
      thinkingSince = null;
      view.textEnded();
    },
    thoughtMs: (messageIndex) => took.get(messageIndex),
  };
}

function countOf(said: readonly Utterance[], kind: Utterance["kind"]): number {
  return said.filter((utterance) => utterance.kind === kind).length;
}

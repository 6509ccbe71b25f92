import { SILENT, type HookExit, type HookPlace } from "./hook.ts";
import type { HookInput } from "./hook-input.ts";
import { appendLine, readLastLines } from "./memory-files.ts";
import { ratingsFile } from "./memory-layout.ts";
import { hideSecrets } from "./secret-shapes.ts";

export interface Rating {
  readonly rating: number;
  readonly comment: string;
  /** Lower when the words could have meant something else, such as a choice from a list. */
  readonly confidence: number;
}

/** UserPromptSubmit: keeps a rating that a person gave in so many words. */
export function captureRating(input: HookInput, place: HookPlace): HookExit {
  const rating = findRating(input.prompt);
  const file = ratingsFile(place);
  if (rating === null || isKept(file, input.promptId)) return SILENT;
  appendLine(file, {
    timestamp: place.now.toISOString(),
    rating: rating.rating,
    session_id: input.session,
    source: "explicit",
    ...(rating.comment !== "" && { comment: hideSecrets(rating.comment) }),
    confidence: rating.confidence,
    agent: place.agent,
    ...(input.promptId !== "" && { prompt_id: input.promptId }),
  });
  return SILENT;
}

/** A prompt that is submitted again after a restart is one rating. */
function isKept(file: string, promptId: string): boolean {
  return promptId !== "" && readLastLines(file).some((line) => line["prompt_id"] === promptId);
}

const OUT_OF_TEN = /^(?:(?:rating|score)\s*[:=]?\s*)?(10|[1-9])\s*\/\s*10(?:\s*[-\u2013\u2014:,.!;]+\s*(.*))?$/iu;
const NAMED = /^(?:rating|score)\s*[:=]?\s*(10|[1-9])(?:\s*[-\u2013\u2014:,.!;]+\s*(.*))?$/iu;
/** A dash with spaces, then words: `7 - nice`. */
const WITH_WORDS = /^(10|[1-9])\s+[-–—]\s+(\p{L}.*)$/u;
const MAX_WORDS = 80;

/** Only the first line counts, and a list or a longer text after it makes `7 - nice` an item of it. */
export function findRating(prompt: string): Rating | null {
  const [first = "", ...more] = prompt.trim().split("\n");
  const line = first.trim();
  const sure = OUT_OF_TEN.exec(line) ?? NAMED.exec(line);
  if (sure) return { rating: Number(sure[1]), comment: (sure[2] ?? "").trim(), confidence: 1 };
  const words = WITH_WORDS.exec(line);
  if (!words || more.length > 0 || line.length > MAX_WORDS || line.endsWith("?")) return null;
  return { rating: Number(words[1]), comment: (words[2] ?? "").trim(), confidence: 0.7 };
}

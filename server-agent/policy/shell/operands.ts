import { ask, type Finding } from "../parts.ts";
import { isSystemPath } from "../paths.ts";
import { judgeWord, placesOf, type Call, type Judged } from "./call.ts";
import { readOptions } from "./options.ts";
import { known, LISTED, shown, type Word } from "./words.ts";

/** How the words of a program are looked at. */
export interface OperandRule {
  /** `words`: they are only text. `work`: files that it may change, and files of the system that it reads. */
  readonly access: "words" | "read" | "work";
  /** How many operands come first that are text, such as a pattern; none when `textBy` is given. */
  readonly text?: number;
  readonly textBy?: readonly string[];
  /** Options followed by text. */
  readonly skips?: readonly string[];
  /** Options followed by a file that is read. */
  readonly files?: readonly string[];
  /** Options that run a program, or reach further than the operands show. */
  readonly asks?: readonly string[];
}

export function judgeOperands(call: Call, rule: OperandRule): Judged {
  const skips = [...(rule.skips ?? []), ...(rule.textBy ?? [])];
  const options = readOptions(call.args, [...skips, ...(rule.files ?? [])]);
  const findings: Finding[] = judgeOptions(call, rule);
  if (rule.access === "words") return { findings };

  const isGiven = options.has(...(rule.textBy ?? []), ...(rule.files ?? []));
  const texts = isGiven ? 0 : (rule.text ?? 0);
  const ignored = new Set<Word>([...options.operands.slice(0, texts), ...options.values(...skips)]);
  const words = call.args.filter((word) => !ignored.has(word)).flatMap((word) => candidates(word, skips));
  findings.push(...words.flatMap((word) => judgeOperand(word, call, rule.access === "read")));
  return { targets: options.operands.slice(texts).map(shown), findings };
}

export function judgeOptions(call: Call, rule: Pick<OperandRule, "asks" | "skips">): Finding[] {
  const asks = rule.asks ?? [];
  const options = readOptions(call.args, rule.skips);
  const found = asks.filter(
    (name) => options.has(name) || (name === "+" && call.args.some(({ text }) => text?.startsWith("+"))),
  );
  const findings = found.map((name) => ask(`${call.program} ${name} can run a program or reach other files`));
  if (asks.length === 0 || options.opens === undefined) return findings;
  return [
    ...findings,
    ask(`${shown(options.opens)} could become an option of ${call.program}; write ./ or -- before it`),
  ];
}

export function judgeOperand(word: Word, call: Call, isRead = false): Finding[] {
  if (isRead || word.text?.includes(LISTED)) return judgeWord("read", word, call);
  const places = placesOf(word, call.state);
  if (places.length > 0 && places.every(isSystemPath)) return [];
  return judgeWord("write", word, call);
}

/** All words of a program that nothing is known about. */
export function judgeAnyWords(words: readonly Word[], call: Call): Finding[] {
  return words.flatMap((word) => candidates(word, [])).flatMap((word) => judgeOperand(word, call));
}

/** What of a word may be a path: all of it, and the value of an option. */
function candidates(word: Word, skips: readonly string[]): Word[] {
  const { text, source } = word;
  if (text === null || !text.startsWith("-")) {
    const value = text === null ? undefined : /^[\w-]+=(.*)$/s.exec(text)?.[1];
    return value === undefined ? [word] : [word, known(value, source)];
  }
  const long = /^(--[\w-]+)=(.*)$/s.exec(text);
  if (long) return skips.includes(long[1] ?? "") ? [] : [known(long[2] ?? "", source)];
  if (text.startsWith("--") || text.length <= 2 || skips.includes(text.slice(0, 2))) return [];
  return [known(text.slice(2), source)];
}

import { known, NAME, LISTED, type Word } from "./words.ts";

/** The words of a program, told apart. */
export interface Options {
  readonly operands: readonly Word[];
  /** Given under any of these names: `--force` also as `--forc`, `-f` also within `-xf`. */
  has(...names: readonly string[]): boolean;
  values(...names: readonly string[]): Word[];
  /** An operand that could be taken for an option, when it is filled in. */
  readonly opens: Word | undefined;
}

interface Given {
  readonly name: string;
  readonly value: Word | null;
}

/** `takesValue`: the options that are followed by a value. */
export function readOptions(args: readonly Word[], takesValue: readonly string[] = []): Options {
  const given: Given[] = [];
  const operands: Word[] = [];
  let opens: Word | undefined;
  let ended = false;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at];
    if (word === undefined) break;
    const isOption = !ended && word.text !== null && word.text.length > 1 && word.text.startsWith("-");
    if (!isOption) {
      if (!ended && (word.text === null || word.text.startsWith(NAME) || word.text.startsWith(LISTED))) opens ??= word;
      operands.push(word);
    } else if (word.text === "--") {
      ended = true;
    } else {
      const found = optionsIn(word.text ?? "", takesValue);
      const last = found.at(-1);
      if (last?.value === undefined) {
        at += 1;
        given.push(...found.slice(0, -1).map(plain), { name: last?.name ?? "", value: args[at] ?? null });
      } else {
        given.push(...found.map(plain));
      }
    }
  }
  const matching = (names: readonly string[]): Given[] =>
    given.filter(({ name }) => names.some((wanted) => isFor(name, wanted)));
  return {
    operands,
    opens,
    has: (...names) => matching(names).length > 0,
    values: (...names) => matching(names).flatMap(({ value }) => (value === null ? [] : [value])),
  };
}

/** A value of undefined is the next word. */
function optionsIn(text: string, takesValue: readonly string[]): { name: string; value: string | null | undefined }[] {
  if (text.startsWith("--")) {
    const equals = text.indexOf("=");
    if (equals !== -1) return [{ name: text.slice(0, equals), value: text.slice(equals + 1) }];
    return [{ name: text, value: takesValue.includes(text) ? undefined : null }];
  }
  const found: { name: string; value: string | null | undefined }[] = [];
  for (let at = 1; at < text.length; at += 1) {
    const name = `${text[0]}${text[at]}`;
    if (takesValue.includes(name)) {
      const rest = text.slice(at + 1);
      return [...found, { name, value: rest === "" ? undefined : rest }];
    }
    found.push({ name, value: null });
  }
  return found;
}

function plain({ name, value }: { readonly name: string; readonly value: string | null | undefined }): Given {
  return { name, value: value === null || value === undefined ? null : known(value) };
}

/** Programs take long options by any beginning that tells them apart. */
function isFor(given: string, wanted: string): boolean {
  if (!wanted.startsWith("--")) return given === wanted;
  return given === wanted || (given.length > 2 && given.startsWith("--") && wanted.startsWith(given));
}

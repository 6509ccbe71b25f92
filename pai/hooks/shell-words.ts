/** One program with its words, as far as a shell line can be read without running it. */
export interface Segment {
  readonly words: readonly string[];
  /** Where its output is written. */
  readonly targets: readonly string[];
  /** Its input comes from the segment before. */
  readonly isPiped: boolean;
  /** Holds a part that another command writes. */
  readonly isComputed: boolean;
}

interface Draft {
  words: string[];
  targets: string[];
  isPiped: boolean;
  isComputed: boolean;
}

const TOKEN =
  /\\\n|\s+|(?:\d|&)?>{1,2}[|&]?|<<?<?|\|\|?&?|&&?|;|[()`]|\$\(|(?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|\$(?!\()|[^\s\\'"`$;&|<>()])+|./gs;

/**
 * Splits a shell line at its operators and substitutions, and takes the quotes away. Good enough to see what is named;
 * whoever wants to hide a name from it can, which is why it is not the last guard.
 */
export function readSegments(line: string): readonly Segment[] {
  const segments: Draft[] = [draft(false)];
  let isTarget = false;
  for (const [token] of line.matchAll(TOKEN)) {
    const current = segments.at(-1) ?? draft(false);
    switch (kindOf(token)) {
      case "space":
      case "input":
        break;
      case "output":
        isTarget = true;
        break;
      case "word":
        (isTarget ? current.targets : current.words).push(unquoted(token));
        if (!token.startsWith("'") && /\$\(|`/.test(token)) current.isComputed = true;
        isTarget = false;
        break;
      case "substitution":
        current.isComputed = true;
        segments.push(draft(false));
        isTarget = false;
        break;
      case "end":
        segments.push(draft(token.startsWith("|") && !token.startsWith("||")));
        isTarget = false;
    }
  }
  return segments.filter(({ words, targets }) => words.length + targets.length > 0);
}

function kindOf(token: string): "space" | "input" | "output" | "word" | "substitution" | "end" {
  if (token === "\\\n" || /^[^\S\n]+$/.test(token)) return "space";
  if (/^\s/.test(token)) return "end";
  if (token === "$(" || token === "`") return "substitution";
  if (/^[\d&]?>/.test(token)) return "output";
  if (token.startsWith("<")) return "input";
  return /^[|&;()]/.test(token) ? "end" : "word";
}

const WRAPPERS = new Set("sudo env nohup time timeout nice exec command builtin then do else !".split(" "));

/** From the program on: without `VAR=x`, `sudo` and the like. */
export function programWords({ words }: Pick<Segment, "words">): readonly string[] {
  const start = words.findIndex((word) => !/^(\w+=|-|\d)/.test(word) && !WRAPPERS.has(word));
  return words.slice(start === -1 ? -1 : start);
}

/** Its name without its folder. */
export function programOf(segment: Pick<Segment, "words">): string {
  return programWords(segment)[0]?.split("/").at(-1) ?? "";
}

function draft(isPiped: boolean): Draft {
  return { words: [], targets: [], isPiped, isComputed: false };
}

function unquoted(token: string): string {
  return token.replaceAll(/\\(.)|'([^']*)'|"((?:\\.|[^"\\])*)"/gs, (...found) => {
    const [, escaped, single, double] = found as [string, ...(string | undefined)[]];
    return double === undefined ? (escaped ?? single ?? "") : double.replaceAll(/\\(["\\$`])/g, "$1");
  });
}

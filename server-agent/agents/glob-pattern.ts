import { AppError } from "../../contract/errors.ts";

const MAX_ALTERNATIVES = 100;

/**
 * Whether paths match a pattern of `*`, `?`, `[a-z]`, `{a,b}` and `**`. A leading dot must be named. Takes time in
 * proportion to pattern times path, whatever the pattern: those of an agent may be made to take for ever.
 */
export function globMatcher(pattern: string): (file: string) => boolean {
  const alternatives = expandBraces(pattern).map((alternative) => alternative.split("/").map(readSegment));
  return (file) => {
    const names = file.split("/");
    return alternatives.some((segments) => matchesPath(segments, names));
  };
}

type Token = "*" | { readonly accepts: (character: string) => boolean; readonly isDot: boolean };
type Segment = "**" | readonly Token[];

function expandBraces(pattern: string): string[] {
  let open = [pattern];
  for (;;) {
    const next = open.flatMap(expandFirst);
    if (next.length > MAX_ALTERNATIVES) throw new AppError("app.bad_input", "The pattern has too many alternatives");
    if (next.length === open.length && next.every((text, index) => text === open[index])) return next;
    open = next;
  }
}

/** The innermost group that comes first. */
function expandFirst(pattern: string): string[] {
  const group = /\{([^{}]*)\}/.exec(pattern);
  if (!group || !group[1]?.includes(",")) return [pattern];
  const [before, after] = [pattern.slice(0, group.index), pattern.slice(group.index + group[0].length)];
  return group[1].split(",").map((choice) => before + choice + after);
}

function readSegment(text: string): Segment {
  if (text === "**") return "**";
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const end = character === "[" ? text.indexOf("]", at + 2) : -1;
    if (character === "*") {
      if (tokens.at(-1) !== "*") tokens.push("*");
    } else if (end !== -1) {
      tokens.push({ accepts: readClass(text.slice(at + 1, end)), isDot: false });
      at = end;
    } else if (character === "?") tokens.push({ accepts: () => true, isDot: false });
    else tokens.push({ accepts: (other) => other === character, isDot: character === "." });
  }
  return tokens;
}

function readClass(text: string): (character: string) => boolean {
  const isNegated = text.startsWith("!") || text.startsWith("^");
  const parts = (isNegated ? text.slice(1) : text).match(/.-.|[^]/g) ?? [];
  const isIn = (character: string): boolean =>
    parts.some((part) =>
      part.length === 3 ? part.charAt(0) <= character && character <= part.charAt(2) : part === character,
    );
  return (character) => isIn(character) !== isNegated;
}

/** Both matchers go back to the last wildcard only: what an earlier one could take, the last one can too. */
function matchesPath(segments: readonly Segment[], names: readonly string[]): boolean {
  let [at, name, wildcard, retry] = [0, 0, -1, 0];
  while (name < names.length) {
    const segment = segments[at];
    const text = names[name] ?? "";
    if (segment === "**") {
      wildcard = at;
      retry = name;
      at += 1;
    } else if (segment !== undefined && matchesName(segment, text)) {
      at += 1;
      name += 1;
    } else if (wildcard !== -1 && !(names[retry] ?? "").startsWith(".")) {
      retry += 1;
      name = retry;
      at = wildcard + 1;
    } else return false;
  }
  while (segments[at] === "**") at += 1;
  return at === segments.length;
}

function matchesName(tokens: readonly Token[], text: string): boolean {
  const [first] = tokens;
  if (text.startsWith(".") && (first === undefined || first === "*" || !first.isDot)) return false;
  let [at, position, star, retry] = [0, 0, -1, 0];
  while (position < text.length) {
    const token = tokens[at];
    if (token === "*") {
      star = at;
      retry = position;
      at += 1;
    } else if (token?.accepts(text.charAt(position)) === true) {
      at += 1;
      position += 1;
    } else if (star !== -1) {
      retry += 1;
      position = retry;
      at = star + 1;
    } else return false;
  }
  while (tokens[at] === "*") at += 1;
  return at === tokens.length;
}

/** Letters, digits and separators only: a name, or a list of names. */
const LIST = /^[\w\-, |]+$/;
const SIMPLE_PATTERN = /^\^?[\w-]*(\.\*)?\$?$/;

/** Nothing, `""` and `*` match all; a list matches its names exactly; anything else is a regular expression. */
export function matches(matcher: string | undefined, names: readonly string[] | null): boolean {
  if (names === null || matcher === undefined || matcher === "" || matcher === "*") return true;
  if (LIST.test(matcher)) {
    const wanted = matcher.split(/[|,]/).map((name) => name.trim());
    return names.some((name) => wanted.includes(name));
  }
  const pattern = new RegExp(matcher);
  return names.some((name) => pattern.test(name));
}

export function isMatcher(matcher: string): boolean {
  if (matcher === "*") return true;
  try {
    return Boolean(new RegExp(matcher));
  } catch {
    return false;
  }
}

/** Cannot be made to search for ever, whoever wrote it: names, each perhaps with a beginning, an end or a `.*`. */
export function isSimpleMatcher(matcher: string): boolean {
  return matcher === "*" || LIST.test(matcher) || matcher.split("|").every((part) => SIMPLE_PATTERN.test(part));
}

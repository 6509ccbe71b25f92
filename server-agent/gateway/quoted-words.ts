/** Curly quotes as escapes: one such character in a pattern would double what the bundle takes in memory. */
const QUOTED = /```[\s\S]*?```|`[^`]*`|"[^"]*"|\u201C[^\u201D]*\u201D|(?<!\w)'[^'\n]*'(?!\w)/g;

/** A request with each quoted text replaced by its number between marks, so that it is not taken for words. */
export function maskQuotes(request: string): { readonly masked: string; readonly quotes: readonly string[] } {
  const quotes: string[] = [];
  const masked = request.trim().replace(QUOTED, (quoted) => `\uE000${quotes.push(quoted) - 1}\uE000`);
  return { masked, quotes };
}

/** How a masked quote looks, for patterns. */
export const QUOTE = "\uE000\\d+\uE000";

export function restoreQuotes(text: string, quotes: readonly string[]): string {
  return text.replace(/\uE000(\d+)\uE000/g, (_, index: string) => quotes[Number(index)] ?? "");
}

/** The text itself when the whole of it was quoted. */
export function plainText(text: string, quotes: readonly string[]): string {
  const restored = restoreQuotes(text.trim(), quotes);
  if (!/^\uE000\d+\uE000$/.test(text.trim())) return restored;
  const fenced = /^```[^\n]*\n([\s\S]*?)\n?```$/.exec(restored);
  return fenced?.[1] ?? restored.slice(1, -1);
}

/** What probes printed: the values of each name, in order. */
export type Lines = ReadonlyMap<string, readonly string[]>;

/** `name TAB value` lines; a name may come more than once. */
export function parseLines(text: string): Lines {
  const lines = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const [name, value] = line.split("\t");
    if (name && value !== undefined) lines.set(name, [...(lines.get(name) ?? []), value]);
  }
  return lines;
}

/** Lines of a key and its words. */
export function toRecord<T>(lines: readonly string[], read: (words: string[]) => T): Record<string, T> {
  return Object.fromEntries(
    lines.map((line) => {
      const [key = "", ...words] = line.split(" ");
      return [key, read(words)];
    }),
  );
}

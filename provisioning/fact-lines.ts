/** Shell function: `p NAME TEXT` prints a line as `parseLines` reads it. */
export const PRINT = `p() { printf '%s\\t%s\\n' "$1" "$2"; }`;

/** `runs UNIT`: now and at boot. `is_since UNIT FILE…`: it was started after the files were written. */
export const ABOUT_UNITS = `
runs() { [ "$(systemctl is-active "$1" 2>/dev/null) $(systemctl is-enabled "$1" 2>/dev/null)" = "active enabled" ]; }
is_since() {
  started=$(date -d "$(systemctl show --value --property=ExecMainStartTimestamp "$1")" +%s)
  shift
  newest=$(stat -c %Y "$@" 2>/dev/null | sort -n | tail -n 1)
  [ "\${newest:-0}" -le "\${started:-0}" ]
}
`;

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

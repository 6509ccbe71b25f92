import type { QueryArrayResult } from "pg";

const MAX_CELL_CHARACTERS = 1_000;
const MAX_CHARACTERS = 100_000;

/** Values are text or null. Tab-separated text with a line of names first; says what was left out. */
export function printRows({ command, rowCount, fields, rows }: QueryArrayResult, maxRows: number): string {
  if (fields.length === 0) return `${command}${rowCount === null ? "" : ` ${rowCount}`}`;
  const lines = [fields.map(({ name }) => name).join("\t")];
  let length = 0;
  let shown = 0;
  for (const row of rows.slice(0, maxRows)) {
    const line = (row as (string | null)[]).map(printCell).join("\t");
    length += line.length + 1;
    if (length > MAX_CHARACTERS) break;
    lines.push(line);
    shown += 1;
  }
  const count = shown === 1 ? "1 row" : `${shown} rows`;
  lines.push(shown < rows.length ? `(${count}, and there are more)` : `(${count})`);
  return lines.join("\n");
}

function printCell(value: string | null): string {
  const text = (value ?? "NULL").replace(/[\t\r\n]/g, (character) => ESCAPES[character] ?? " ");
  return text.length > MAX_CELL_CHARACTERS ? `${text.slice(0, MAX_CELL_CHARACTERS)}…` : text;
}

const ESCAPES: Readonly<Record<string, string>> = { "\t": "\\t", "\r": "\\r", "\n": "\\n" };

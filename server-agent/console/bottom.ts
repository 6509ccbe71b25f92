import { paint, QUIET } from "./flow.ts";
import { displayWidth } from "./plain-text.ts";

/** A terminal to draw on. */
export interface ScreenOutput {
  readonly columns: number;
  write(text: string): unknown;
  on(event: "resize", listener: () => void): unknown;
}

/** The rows that stay at the bottom of a terminal: perhaps the open row of the output, then status and prompt. */
export interface Bottom {
  draw(next: BottomRows): void;
  /** Empties the terminal. */
  clear(): void;
}

export interface BottomRows {
  readonly rows: readonly string[];
  /** Of the terminal. */
  readonly columns: number;
  /** Rows that scroll by above. */
  readonly finished: string;
  /** Of the open row of the output. */
  readonly style: string;
  /** Column of the cursor in the last row. */
  readonly cursor: number;
}

type Drawn = Pick<BottomRows, "rows" | "columns">;
const NOTHING: Drawn = { rows: [], columns: 0 };

export function createBottom(output: ScreenOutput): Bottom {
  let drawn = NOTHING;
  return {
    draw(next) {
      output.write(change(drawn, next));
      drawn = next;
    },
    clear() {
      output.write("\u001b[2J\u001b[H");
      drawn = NOTHING;
    },
  };
}

/** What turns the bottom into what it should be: for a key, as little as possible. */
function change(before: Drawn, after: BottomRows): string {
  const place = `\r\u001b[${after.cursor}C`;
  if (after.finished === "" && differsInPrompt(before, after)) return `\r${after.rows.at(-1) ?? ""}\u001b[K${place}`;
  const erase = eraseRows(before.rows, after.columns);
  return `\u001b[?25l${erase}${after.finished}${paintRows(after.rows, after.style)}${place}\u001b[?25h`;
}

function differsInPrompt(before: Drawn, after: Drawn): boolean {
  const above = ({ rows }: Drawn) => rows.slice(0, -1).join("\n");
  return before.rows.length > 0 && before.columns === after.columns && above(before) === above(after);
}

/** The last row is the prompt, the one above it the status; before them may stand the open row of the output. */
function paintRows(rows: readonly string[], openStyle: string): string {
  const styles = [openStyle, QUIET, ""].slice(-rows.length);
  return rows.map((row, index) => paint(row, styles[index] ?? "")).join("\r\n");
}

/** From the prompt's row to the first drawn one; a narrower terminal has folded them into more. */
function eraseRows(rows: readonly string[], columns: number): string {
  if (rows.length === 0) return "";
  const height = rows.reduce((sum, row) => sum + Math.max(1, Math.ceil(displayWidth(row) / columns)), 0);
  return `\r${height > 1 ? `\u001b[${height - 1}A` : ""}\u001b[J`;
}

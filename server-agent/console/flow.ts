import { characterWidth, displayWidth } from "./plain-text.ts";

/** Text that arrives in pieces, as finished rows and the row that is still open. */
export interface Flow {
  add(text: string, style: string, maxWidth: number): void;
  /** Ends the open row if it has begun. */
  endLine(): void;
  open(): { readonly text: string; readonly style: string };
  /** The rows finished since the last time, ready for a terminal. */
  takeFinished(): string;
}

export function createFlow(): Flow {
  let open = { text: "", style: "", width: 0 };
  let finished = "";
  const finish = (row: string, rest: string): void => {
    finished += `${paint(row, open.style)}\r\n`;
    open = { text: rest, style: open.style, width: displayWidth(rest) };
  };
  return {
    add(text, style, maxWidth) {
      if (open.text !== "" && open.style !== style) finish(open.text, "");
      for (const character of text) {
        if (character === "\n") {
          finish(open.text, "");
          continue;
        }
        open = { text: open.text + character, style, width: open.width + characterWidth(character) };
        if (open.width <= maxWidth) continue;
        const { row, rest } = wrap(open.text);
        finish(row, rest);
      }
    },
    endLine() {
      if (open.text !== "") finish(open.text, "");
    },
    open: () => open,
    takeFinished() {
      const rows = finished;
      finished = "";
      return rows;
    },
  };
}

/**
 * For what matters less. A grey of the 256 colours that can be read on black and on white: terminals draw dim text (2)
 * at half its contrast, and some themes hide bright black (90).
 */
export const QUIET = "38;5;243";

/** In a style given as an SGR code, such as "31" for red. */
export function paint(text: string, style: string): string {
  return style === "" || text === "" ? text : `\u001b[${style}m${text}\u001b[0m`;
}

/** Breaks a text that has just become too long at its last space, or before its last character. */
function wrap(text: string): { readonly row: string; readonly rest: string } {
  const space = text.lastIndexOf(" ");
  if (space <= 0) {
    const last = Array.from(text).at(-1) ?? "";
    return { row: text.slice(0, -last.length), rest: last };
  }
  return { row: text.slice(0, space), rest: text.slice(space + 1) };
}

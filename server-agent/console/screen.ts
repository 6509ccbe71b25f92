import { EMPTY_LINE, type LineState } from "./line-editor.ts";
import { createBottom, type ScreenOutput } from "./bottom.ts";
import { createFlow } from "./flow.ts";
import { characterWidth, displayWidth } from "./plain-text.ts";

/**
 * Prints above a status line and a prompt that stay at the bottom. The part of the output that has no line break yet
 * is held and redrawn with them, so streamed text and typing never mix.
 */
export interface Screen {
  /** Already safe to print; may end within a line. `style` is an SGR code such as "31" for red. */
  print(text: string, style?: string): void;
  /** Ends a line that has begun. */
  freshLine(): void;
  setStatus(status: string): void;
  setLine(line: LineState): void;
  clear(): void;
}

const MAX_COLUMNS = 110;
const FRAME_MS = 16;

export function createScreen(output: ScreenOutput): Screen {
  let status = "";
  let line = EMPTY_LINE;
  const flow = createFlow();
  const bottom = createBottom(output);
  let isWaiting = false;
  let drawnAt = 0;

  const columns = (): number => Math.max(20, output.columns || 80);
  const draw = (): void => {
    isWaiting = false;
    drawnAt = performance.now();
    const prompt = promptRow(line, columns());
    const open = flow.open();
    const rows = [...(open.text === "" ? [] : [open.text]), fit(status, columns()), prompt.text];
    bottom.draw({ rows, columns: columns(), finished: flow.takeFinished(), style: open.style, cursor: prompt.cursor });
  };
  // A key is answered at once; only what follows a drawing closely waits for the next.
  const redraw = (): void => {
    if (isWaiting) return;
    isWaiting = true;
    const waitMs = drawnAt + FRAME_MS - performance.now();
    if (waitMs <= 0) queueMicrotask(draw);
    else setTimeout(draw, waitMs);
  };
  output.on("resize", redraw);
  return {
    print(text, style = "") {
      flow.add(text, style, Math.min(columns() - 1, MAX_COLUMNS));
      redraw();
    },
    freshLine() {
      flow.endLine();
      redraw();
    },
    setStatus(text) {
      status = text;
      redraw();
    },
    setLine(next) {
      line = next;
      redraw();
    },
    clear() {
      bottom.clear();
      redraw();
    },
  };
}

/** For an output that is no terminal: what is printed, and nothing else. */
export function createPlainScreen(output: NodeJS.WritableStream): Screen {
  let isOpen = false;
  const print = (text: string): void => {
    if (text === "") return;
    output.write(text);
    isOpen = !text.endsWith("\n");
  };
  const nothing = (): void => undefined;
  const freshLine = (): void => print(isOpen ? "\n" : "");
  return { print, freshLine, setStatus: nothing, setLine: nothing, clear: nothing };
}

const PROMPT = "› ";

/** The part of the line around the cursor that fits into one row; line breaks are shown as ⏎. */
function promptRow(line: LineState, columns: number): { readonly text: string; readonly cursor: number } {
  const room = columns - PROMPT.length - 2;
  const shown = line.characters.map((character) => (character === "\n" ? "⏎" : character));
  let start = line.cursor;
  let width = 0;
  while (start > 0 && width + characterWidth(shown[start - 1] ?? "") <= room) {
    start -= 1;
    width += characterWidth(shown[start] ?? "");
  }
  let end = line.cursor;
  let total = width;
  while (end < shown.length && total + characterWidth(shown[end] ?? "") <= room) {
    total += characterWidth(shown[end] ?? "");
    end += 1;
  }
  return { text: PROMPT + shown.slice(start, end).join(""), cursor: PROMPT.length + width };
}

function fit(text: string, columns: number): string {
  let row = "";
  for (const character of text) {
    if (displayWidth(row) + characterWidth(character) > columns - 1) return row;
    row += character;
  }
  return row;
}

import type { Approval } from "../../contract/approvals.ts";
import { characterWidth } from "../console/plain-text.ts";

export interface PaneSize {
  readonly columns: number;
  readonly rows: number;
}

export interface ShownQuestion {
  readonly rows: readonly string[];
  /** False when the action does not fit as a whole: what cannot be read cannot be allowed here. */
  readonly isWhole: boolean;
}

/** Of the pane, for the line that is typed and the one that says what may be typed. */
const OWN_ROWS = 2;

/** A question as it stands in a pane: the exact action above all. */
export function questionText(asked: Approval, more: number, { columns, rows }: PaneSize): ShownQuestion {
  const isLoop = asked.repeats !== undefined;
  const title = isLoop
    ? `${asked.agent} has done this ${asked.repeats} times and gets no further:`
    : `${asked.agent} asks to do this once:`;
  const { destructive } = asked;
  const text = [
    title,
    ...lines(asked.action, "  │ "),
    ...(destructive ? lines(`Destroys ${destructive.kind}: ${destructive.targets.join(", ")}`, "") : []),
    ...lines(asked.reason, ""),
    ...(more > 0 ? [`${more} more wait${more === 1 ? "s" : ""} for an answer.`] : []),
  ].flatMap((line) => folded(line, columns));
  if (text.length <= rows - OWN_ROWS) return { rows: text, isWhole: true };
  return {
    rows: [title, "It is too long to be shown whole here: answer it in the app.", `Question ${asked.id}`],
    isWhole: false,
  };
}

function lines(text: string, margin: string): string[] {
  return visibleText(text)
    .split("\n")
    .map((line) => margin + line);
}

/** Whatever a terminal would not show is written out instead of left out: a shell may well run it. */
function visibleText(text: string): string {
  return text.replace(UNSEEN, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`);
}

const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu;

function folded(line: string, columns: number): string[] {
  const rows: string[] = [""];
  let width = 0;
  for (const character of line) {
    const wide = characterWidth(character);
    if (width + wide > columns - 1) {
      rows.push("    ");
      width = 4;
    }
    rows[rows.length - 1] += character;
    width += wide;
  }
  return rows;
}

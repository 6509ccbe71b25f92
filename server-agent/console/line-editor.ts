/** The line a person is typing, and what they typed before. */
export interface LineState {
  /** By character, so that the cursor never stands inside one. */
  readonly characters: readonly string[];
  readonly cursor: number;
  readonly history: readonly string[];
  /** Position in `history`; its length while the person is on the line of their own, kept in `draft`. */
  readonly place: number;
  readonly draft: string;
}

export type LineKey =
  | { readonly type: "insert"; readonly text: string }
  | {
      readonly type:
        | "left"
        | "right"
        | "word_left"
        | "word_right"
        | "home"
        | "end"
        | "older"
        | "newer"
        | "backspace"
        | "delete"
        | "delete_word"
        | "delete_to_start"
        | "delete_to_end"
        | "submit";
    };

export const EMPTY_LINE: LineState = { characters: [], cursor: 0, history: [], place: 0, draft: "" };
const MAX_HISTORY = 200;

export function lineText(line: LineState): string {
  return line.characters.join("");
}

/** The line after a key. */
export function pressKey(line: LineState, key: LineKey): LineState {
  const { characters, cursor } = line;
  switch (key.type) {
    case "insert":
      return replaced(line, { from: cursor, to: cursor, text: key.text });
    case "backspace":
      return replaced(line, { from: Math.max(0, cursor - 1), to: cursor, text: "" });
    case "delete":
      return replaced(line, { from: cursor, to: cursor + 1, text: "" });
    case "delete_word":
      return replaced(line, { from: wordLeft(line), to: cursor, text: "" });
    case "delete_to_start":
      return replaced(line, { from: 0, to: cursor, text: "" });
    case "delete_to_end":
      return replaced(line, { from: cursor, to: characters.length, text: "" });
    case "left":
      return { ...line, cursor: Math.max(0, cursor - 1) };
    case "right":
      return { ...line, cursor: Math.min(characters.length, cursor + 1) };
    case "word_left":
      return { ...line, cursor: wordLeft(line) };
    case "word_right":
      return { ...line, cursor: wordRight(line) };
    case "home":
      return { ...line, cursor: 0 };
    case "end":
      return { ...line, cursor: characters.length };
    case "older":
      return fromHistory(line, line.place - 1);
    case "newer":
      return fromHistory(line, line.place + 1);
    case "submit":
      return submitted(line);
  }
}

function replaced(
  line: LineState,
  edit: { readonly from: number; readonly to: number; readonly text: string },
): LineState {
  const inserted = Array.from(edit.text);
  const characters = [...line.characters.slice(0, edit.from), ...inserted, ...line.characters.slice(edit.to)];
  return { ...line, characters, cursor: edit.from + inserted.length };
}

function wordLeft({ characters, cursor }: LineState): number {
  let position = cursor;
  while (position > 0 && characters[position - 1] === " ") position -= 1;
  while (position > 0 && characters[position - 1] !== " ") position -= 1;
  return position;
}

function wordRight({ characters, cursor }: LineState): number {
  let position = cursor;
  while (position < characters.length && characters[position] === " ") position += 1;
  while (position < characters.length && characters[position] !== " ") position += 1;
  return position;
}

function fromHistory(line: LineState, place: number): LineState {
  if (place < 0 || place > line.history.length) return line;
  const draft = line.place === line.history.length ? lineText(line) : line.draft;
  const characters = Array.from(line.history[place] ?? draft);
  return { ...line, characters, cursor: characters.length, place, draft };
}

function submitted(line: LineState): LineState {
  const text = lineText(line);
  const isRepeated = text.trim() === "" || line.history.at(-1) === text;
  const history = isRepeated ? line.history : [...line.history, text].slice(-MAX_HISTORY);
  return { characters: [], cursor: 0, history, place: history.length, draft: "" };
}

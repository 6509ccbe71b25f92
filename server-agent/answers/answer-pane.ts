import process from "node:process";
import type { AgentName } from "../../contract/agents.ts";
import { EMPTY_LINE, type LineState, lineText, pressKey } from "../console/line-editor.ts";
import { plainText } from "../console/plain-text.ts";
import { readKeys } from "../console/read-keys.ts";
import { type Desk, EMPTY_DESK } from "./answer-desk.ts";
import { type PaneSize, questionText, type ShownQuestion } from "./question-text.ts";

/** A question and the line below it. */
export interface AnswerPane {
  show(desk: Desk): void;
  /** Whether the whole action is in sight. */
  isWhole(): boolean;
  note(text: string): void;
  /** What was typed was meant for another question. */
  forgetLine(): void;
  close(): void;
}

const CLEAR = "\u001b[H\u001b[2J";
const AMBER = "\u001b[33m";
const FORGOTTEN = "That question is no longer open; what you typed was not sent.";
const PLAIN = "\u001b[0m";

export function openPane(agent: AgentName, onLine: (line: string) => void): AnswerPane {
  const { stdin, stdout } = process;
  let state: PaneState = { desk: EMPTY_DESK, line: EMPTY_LINE, note: "" };
  let drawn = "";
  const size = (): PaneSize => ({ columns: stdout.columns || 80, rows: stdout.rows || 12 });
  const change = (next: Partial<PaneState>): void => {
    state = { ...state, ...next };
    const text = paneText(agent, state, size());
    if (text !== drawn) stdout.write(text);
    drawn = text;
  };
  const redraw = (): void => {
    drawn = "";
    change({});
  };
  readKeys(stdin, (key) => {
    if (key.type === "redraw") return redraw();
    if (key.type === "interrupt") return change({ line: EMPTY_LINE, note: "" });
    const text = lineText(state.line);
    change({ line: pressKey(state.line, key), note: "" });
    if (key.type === "submit") onLine(text);
  });
  if (stdin.isTTY) stdin.setRawMode(true);
  stdin.resume();
  stdout.on("resize", redraw);
  return {
    show: (desk) => change({ desk }),
    isWhole: () => shownQuestion(state, size())?.isWhole ?? false,
    note: (note) => change({ note }),
    forgetLine: () => change({ line: EMPTY_LINE, ...(lineText(state.line) !== "" && { note: FORGOTTEN }) }),
    close() {
      if (stdin.isTTY) stdin.setRawMode(false);
      stdin.pause();
    },
  };
}

interface PaneState {
  readonly desk: Desk;
  readonly line: LineState;
  readonly note: string;
}

function shownQuestion({ desk }: PaneState, size: PaneSize): ShownQuestion | null {
  return desk.shown ? questionText(desk.shown, desk.more, size) : null;
}

function paneText(agent: AgentName, state: PaneState, size: PaneSize): string {
  const question = shownQuestion(state, size);
  const [title = "", ...rest] = question?.rows ?? [`${agent} asks nothing any more.`];
  const isLoop = state.desk.shown?.repeats !== undefined;
  const keys = isLoop ? "y lets it go on, n ends the task" : "y allows it once, n denies it";
  const hint = state.note === "" ? `${keys}; anything else is a message to ${agent}` : state.note;
  const typed = lineText(state.line).replaceAll("\n", "⏎");
  const below = [plainText(hint).slice(0, size.columns - 1), `› ${typed.slice(-(size.columns - 4))}`];
  return CLEAR + [`${AMBER}${title}${PLAIN}`, ...rest, ...below].join("\r\n");
}

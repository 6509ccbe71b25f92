import process from "node:process";
import type { AgentName } from "../../contract/agents.ts";
import { EMPTY_LINE, lineText, pressKey } from "../console/line-editor.ts";
import { plainText } from "../console/plain-text.ts";
import { readKeys } from "../console/read-keys.ts";
import type { Desk } from "./answer-desk.ts";
import { questionText } from "./question-text.ts";

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
const PLAIN = "\u001b[0m";

export function openPane(agent: AgentName, onLine: (line: string) => void): AnswerPane {
  const { stdin, stdout } = process;
  let desk: Desk | null = null;
  let line = EMPTY_LINE;
  let note = "";
  let drawn = "";
  const size = () => ({ columns: stdout.columns || 80, rows: stdout.rows || 12 });
  const shown = () => (desk?.shown ? questionText(desk.shown, desk.more, size()) : null);
  const draw = (): void => {
    const question = shown();
    const [title = "", ...rest] = question?.rows ?? [`Nothing is asked of you by ${agent}.`];
    const keys =
      desk?.shown?.repeats === undefined ? "y allows it once, n denies it" : "y lets it go on, n ends the task";
    const hint = note === "" ? `${keys}; anything else is a message to ${agent}` : note;
    const typed = lineText(line)
      .replaceAll("\n", "⏎")
      .slice(-(size().columns - 4));
    const text = [`${AMBER}${title}${PLAIN}`, ...rest, plainText(hint).slice(0, size().columns - 1), `› ${typed}`];
    const next = CLEAR + text.join("\r\n");
    if (next !== drawn) stdout.write(next);
    drawn = next;
  };
  readKeys(stdin, (key) => {
    if (key.type === "redraw") drawn = "";
    else if (key.type === "interrupt") line = EMPTY_LINE;
    else {
      const text = lineText(line);
      line = pressKey(line, key);
      note = "";
      if (key.type === "submit") onLine(text);
    }
    draw();
  });
  if (stdin.isTTY) stdin.setRawMode(true);
  stdin.resume();
  stdout.on("resize", () => {
    drawn = "";
    draw();
  });
  return {
    show(next) {
      desk = next;
      draw();
    },
    isWhole: () => shown()?.isWhole ?? false,
    note(text) {
      note = text;
      draw();
    },
    forgetLine() {
      if (lineText(line) !== "") note = "That question is no longer open; what you typed was not sent.";
      line = EMPTY_LINE;
    },
    close() {
      if (stdin.isTTY) stdin.setRawMode(false);
      stdin.pause();
    },
  };
}

import { emitKeypressEvents, type Key } from "node:readline";
import type { ReadStream } from "node:tty";
import type { LineKey } from "./line-editor.ts";

export type WindowKey = LineKey | { readonly type: "interrupt" } | { readonly type: "redraw" };

/** Turns what a terminal sends into keys; pasted text arrives as one insert, its line breaks kept. */
export function readKeys(input: ReadStream, onKey: (key: WindowKey) => void): void {
  let pasted: string | null = null;
  emitKeypressEvents(input);
  input.on("keypress", (text: string | undefined, key: Key) => {
    if (key.name === "paste-start") pasted = "";
    else if (key.name === "paste-end") {
      if (pasted) onKey({ type: "insert", text: printable(pasted.replace(/\r\n?/g, "\n")) });
      pasted = null;
    } else if (pasted !== null) pasted += text ?? "";
    else {
      const pressed = keyOf(text, key);
      if (pressed) onKey(pressed);
    }
  });
}

const NAMED: Readonly<Record<string, WindowKey["type"]>> = {
  return: "submit",
  enter: "submit",
  left: "left",
  right: "right",
  up: "older",
  down: "newer",
  home: "home",
  end: "end",
  backspace: "backspace",
  delete: "delete",
};

const WITH_CONTROL: Readonly<Record<string, WindowKey["type"]>> = {
  a: "home",
  b: "left",
  c: "interrupt",
  d: "delete",
  e: "end",
  f: "right",
  h: "backspace",
  k: "delete_to_end",
  l: "redraw",
  n: "newer",
  p: "older",
  u: "delete_to_start",
  w: "delete_word",
  left: "word_left",
  right: "word_right",
};

const WITH_META: Readonly<Record<string, WindowKey["type"]>> = {
  b: "word_left",
  f: "word_right",
  backspace: "delete_word",
};

function keyOf(text: string | undefined, key: Key): WindowKey | null {
  const name = key.name ?? "";
  const table = key.ctrl ? WITH_CONTROL : key.meta ? WITH_META : NAMED;
  const type = table[name];
  if (type && type !== "insert") return { type };
  if (key.ctrl || key.meta || text === undefined) return null;
  const typed = printable(text);
  return typed === "" ? null : { type: "insert", text: typed };
}

/** Without control characters other than the line break. */
function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what this removes.
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, "");
}

import { describe, expect, it } from "vitest";
import { EMPTY_LINE, lineText, pressKey, type LineKey } from "../../../server-agent/console/line-editor.ts";
import { displayWidth, plainText } from "../../../server-agent/console/plain-text.ts";

const press = (...keys: LineKey[]) => keys.reduce(pressKey, EMPTY_LINE);
const insert = (text: string): LineKey => ({ type: "insert", text });

describe("the line being typed", () => {
  it("is edited at the cursor, by whole characters", () => {
    const line = press(insert("héllo 👋 wrld"), { type: "left" }, { type: "left" }, { type: "left" }, insert("o"));
    expect(lineText(line)).toBe("héllo 👋 world");
    expect(lineText(press(insert("a 👋"), { type: "backspace" }))).toBe("a ");
    expect(lineText(press(insert("run the tests"), { type: "delete_word" }))).toBe("run the ");
  });

  it("comes back unchanged after looking through what was typed before", () => {
    const line = press(insert("first"), { type: "submit" }, insert("half typed"), { type: "older" });
    expect(lineText(line)).toBe("first");
    expect(lineText(pressKey(line, { type: "newer" }))).toBe("half typed");
  });
});

describe("text of models and programs", () => {
  it.each([
    ["\u001b[31mred\u001b[0m", "red"],
    ["\u001b]0;title\u0007after", "after"],
    ["\u001b]52;c;c2VjcmV0\u001b\\after", "after"],
    ["a\u001b[2J\u001b[Hb\u009b5nc", "ab5nc"],
    ["50%\r100%\r\ndone\u0007\u0008", "50%\n100%\ndone"],
    ["safe\u202egpj.exe", "safegpj.exe"],
  ])("loses what could steer the terminal: %j", (text, plain) => {
    expect(plainText(text)).toBe(plain);
  });

  it("is measured in terminal columns", () => {
    expect([displayWidth("abc"), displayWidth("日本"), displayWidth("e\u0301"), displayWidth("👋")]).toEqual([
      3, 4, 1, 2,
    ]);
  });
});

import { expect, it } from "vitest";
import { createMask, markSecrets, maskPieces } from "../../../server-agent/platform/secret-marks.ts";

const KEY = "sk-ant-api03-canary/7731+x";
const PASSWORD = "another-canary-9920";
const marks = markSecrets([KEY, PASSWORD]);
const mask = createMask(marks);

it("hides secrets wherever they stand, in every form that the daemon knows", () => {
  const inBase64 = Buffer.from(`user:${PASSWORD}!`).toString("base64");
  const text = `a ${KEY}${PASSWORD} b\n${encodeURIComponent(KEY)} ${Buffer.from(KEY).toString("hex")} ${inBase64}`;
  const cleaned = mask(text);
  expect(cleaned).toMatch(/^a \[hidden\]\[hidden\] b\n\[hidden\] \[hidden\] \S*\[hidden\]\S*$/);
  expect(mask("nothing to hide: sk-ant-api03-canary/7731+y")).toBe("nothing to hide: sk-ant-api03-canary/7731+y");
});

it("tells nothing of the secrets to who has the marks", () => {
  const told = JSON.stringify(marks);
  for (const secret of [KEY, PASSWORD]) {
    for (const part of [secret.slice(0, 6), secret.slice(-6)]) expect(told).not.toContain(part);
  }
});

it("finds a secret that comes in pieces, and holds nothing else back for longer than a line", () => {
  const shown: string[] = [];
  const pieces = maskPieces(mask, marks, (text) => shown.push(text));
  for (const character of `key=${KEY};\nnext line\n`) pieces.add(character);
  expect(shown.join("")).toBe("key=[hidden];\nnext line\n");
  pieces.add("no end of line");
  pieces.end();
  expect(shown.join("")).toBe("key=[hidden];\nnext line\nno end of line");
});

it("changes nothing while there is no secret", () => {
  const none = markSecrets([]);
  const shown: string[] = [];
  const pieces = maskPieces(createMask(none), none, (text) => shown.push(text));
  pieces.add("at once");
  expect(shown).toEqual(["at once"]);
});

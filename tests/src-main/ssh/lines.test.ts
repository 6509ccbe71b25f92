import { expect, test } from "vitest";
import { lineReader } from "../../../src-main/ssh/lines.ts";

function read(...pieces: readonly string[]): string[] {
  const lines: string[] = [];
  const reader = lineReader((line) => lines.push(line));
  for (const piece of pieces) reader.push(Buffer.from(piece));
  reader.end();
  return lines;
}

test("a line that was written over is what it was at last, however it arrives", () => {
  const progress = "(Reading database ... \r(Reading database ... 5%\r(Reading database ... 9205 files.)\n";
  expect(read(progress, "next\n")).toEqual(["(Reading database ... 9205 files.)", "next"]);
  expect(read(...progress.split(""), "next\n")).toEqual(["(Reading database ... 9205 files.)", "next"]);
});

test("line ends of Windows are no part of a line, and the last line needs no end", () => {
  expect(read("one\r\ntwo\r\n\r\nthree")).toEqual(["one", "two", "", "three"]);
});

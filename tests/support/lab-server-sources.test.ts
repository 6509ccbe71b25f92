import { expect, test } from "vitest";
import { parseDeb822, parseOneLine } from "./lab-server-sources.ts";

test("reads package sources written one to a line", () => {
  const text = "# deb http://old/debian bookworm main\ndeb [arch=amd64 trusted=yes] http://m/debian bookworm main\n";
  expect(parseOneLine(text)).toEqual([{ uri: "http://m/debian", suites: ["bookworm"] }]);
});

test("reads package sources written in paragraphs", () => {
  const text =
    "Types: deb\n# http://snapshot\nURIs: http://m/debian\nSuites: bookworm bookworm-updates\n\nTypes: deb-src\nURIs: http://s\nSuites: x\n";
  expect(parseDeb822(text)).toEqual([{ uri: "http://m/debian", suites: ["bookworm", "bookworm-updates"] }]);
});

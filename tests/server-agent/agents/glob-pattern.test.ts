import path from "node:path";
import { describe, expect, it } from "vitest";
import { globMatcher } from "../../../server-agent/agents/glob-pattern.ts";

const PATTERNS = [
  "*",
  "*.ts",
  "**",
  "**/*.ts",
  "src/**",
  "src/**/b/*.ts",
  "**/a/**/b",
  "a?c",
  "[a-c]x",
  "[!a]x",
  "{a,b}.ts",
];
const MORE = [
  "x/{a,b{c,d}}/*.{js,ts}",
  ".*",
  "**/.x",
  "a*b*c",
  "a**b",
  "**/**/x",
  "[]]x",
  "a{b}c",
  "*/",
  "{a,b}",
  "src/*/x",
];
const FILES = [
  "a",
  "a.ts",
  "b.ts",
  "src/a.ts",
  "src/x/b/c.ts",
  "src/b/c.ts",
  "x/a/y.js",
  "x/bc/y.ts",
  "abc",
  "axx",
  "bx",
  "ax",
];
const MORE_FILES = [
  ".x",
  "a/.x",
  ".git/x",
  "a/x/b",
  "a/b",
  "aXbYc",
  "aXc",
  "x",
  "b/x",
  "]x",
  "a{b}c",
  "src/y/x",
  "src/.y/x",
];

describe("a glob pattern", () => {
  it.each([...PATTERNS, ...MORE])("%s matches what Node's own does", (pattern) => {
    const matches = globMatcher(pattern);
    const files = [...FILES, ...MORE_FILES];
    expect(files.filter(matches)).toEqual(files.filter((file) => path.matchesGlob(file, pattern)));
  });

  it.each(["**/*a*a*a*a*a*a*a*a*a*a*b", "**/**/**/**/**/**/**/b", `${"*a".repeat(200)}b`, "**/a/".repeat(60) + "b"])(
    "that could take for ever takes no time: %s",
    (pattern) => {
      const started = performance.now();
      expect(globMatcher(pattern)(`${"a".repeat(200)}/${"a/".repeat(200)}${"a".repeat(200)}`)).toBe(false);
      expect(performance.now() - started).toBeLessThan(1_000);
    },
  );

  it("with endless alternatives is refused", () => {
    expect(() => globMatcher("{a,b}".repeat(20))).toThrow("too many alternatives");
  });
});

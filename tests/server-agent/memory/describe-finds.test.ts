import { expect, it } from "vitest";
import { describeFinds } from "../../../server-agent/memory/describe-finds.ts";
import { fuse } from "../../../server-agent/memory/find.ts";
import { isNearly } from "../../../server-agent/memory/wanted-words.ts";

it("files stand best first, with what of them fits, cut when long", () => {
  const found = [
    { path: "MEMORY/a.md", pieces: ["first", "x".repeat(700)] },
    { path: "MEMORY/b.md", pieces: ["other"] },
  ];
  expect(describeFinds({ found, by: "words" })).toBe(
    `MEMORY/a.md\nfirst\n…\n${"x".repeat(600)}…\n\nMEMORY/b.md\nother\n\nFound by words.`,
  );
});

it("what both ways find comes before what one finds, and chance is left out", () => {
  const near = [
    { id: "b", score: 0.8 },
    { id: "c", score: 0.6 },
    { id: "d", score: 0.1 },
  ];
  expect(fuse(["a", "b"], near)).toEqual(["b", "a", "c"]);
  expect(fuse([], near)).toEqual(["b", "c"]);
});

it.each([
  ["deplyments", "deployments", true],
  ["deployments", "deplyments", true],
  ["ngnix", "nginx", true],
  ["backups", "backaps", true],
  ["backups", "buckaps", false],
  ["fox", "box", true],
  ["refund", "returns", false],
])("a slip of the pen is one letter: %s and %s", (one, other, nearly) => {
  expect(isNearly(one, other)).toBe(nearly);
});

import { expect, test } from "vitest";
import { copiesToDrop, type KeptCopy } from "../../../server-agent/snapshots/drop-old.ts";

const now = new Date("2026-11-28T00:00:00Z");
const limits = { maxBytes: 10, maxTotalBytes: 100, maxDays: 30 };
const copy = (id: string, days: number, bytes: number): KeptCopy => {
  return { id, bytes, keptAt: new Date(now.getTime() - days * 86_400_000) };
};
const drop = (kept: readonly KeptCopy[], coming = 0) => copiesToDrop(kept, coming, { limits, now });

test("keeps what is young enough and fits", () => {
  expect(drop([copy("a", 29, 50), copy("b", 0.1, 50)])).toEqual([]);
});

test("drops what is past its days, whatever room there is", () => {
  expect(drop([copy("a", 31, 1), copy("b", 2, 1)])).toEqual(["a"]);
});

test("drops the oldest first, and no more than it takes", () => {
  expect(drop([copy("young", 2, 30), copy("oldest", 9, 30), copy("old", 5, 30)], 40)).toEqual(["oldest"]);
});

test("drops nothing of the last day for room: there is no room then", () => {
  expect(drop([copy("a", 0.5, 60), copy("b", 3, 30)], 50)).toBeNull();
  expect(drop([copy("a", 0.5, 120)])).toEqual([]);
});

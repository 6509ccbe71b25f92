import { expect, test } from "vitest";
import { judgeHead } from "../../../src-main/audit/judge-head.ts";

const known = { seq: 5, hash: "a", at: "2026-11-05T14:03:00.000Z" };

test.each([
  ["nothing happened since", { seq: 5, hash: "a" }, { seq: 5, hash: "a" }, null],
  ["the trail grew", { seq: 9, hash: "b" }, { seq: 5, hash: "a" }, null],
  ["the trail grew from another record", { seq: 9, hash: "b" }, { seq: 5, hash: "x" }, "rewritten"],
  ["the record is gone from a longer trail", { seq: 9, hash: "b" }, null, "rewritten"],
  ["the last record is another", { seq: 5, hash: "x" }, { seq: 5, hash: "x" }, "rewritten"],
  ["the head went back", { seq: 4, hash: "c" }, { seq: 4, hash: "c" }, "cut"],
  ["the trail is empty", { seq: 0, hash: "0" }, { seq: 0, hash: "0" }, "cut"],
])("when %s", (...[, head, seen, kind]) => {
  expect(judgeHead(known, { head, seen })?.kind ?? null).toBe(kind);
});

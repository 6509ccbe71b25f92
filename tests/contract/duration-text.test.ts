import { expect, test } from "vitest";
import { durationText } from "../../contract/duration-text.ts";

test.each([
  [400, "0.4 s"],
  [12_300, "12 s"],
  [134_000, "2 min 14 s"],
  [3_900_000, "1 h 5 min"],
])("%i ms reads %s", (ms, expected) => expect(durationText(ms)).toBe(expected));

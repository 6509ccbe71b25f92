import { expect, test } from "vitest";
import { countRepeats, type DoneCall } from "../../../server-agent/turns/repeats.ts";

/** `a1` is the action a with the result 1. */
const calls = (text: string): DoneCall[] =>
  text.split(" ").map((word, index) => ({ callId: `c${index}`, hash: word[0] ?? "", result: word.slice(1) || null }));

test.each([
  ["a1", "b", 0],
  ["a1 a1 a1", "a", 3],
  ["a1 a2 a2", "a", 2],
  ["a1 b1 a1 b1 a1", "a", 2],
  ["a1 b1 a1 b1 a1", "b", 2],
  ["a1 a1 b1 a1", "a", 1],
  ["a1 b1 c1 a1 a1", "a", 2],
  ["a1 a1 a a1", "a", 1],
])("in %s the call %s was made %i times with nothing new in between", (text, hash, count) => {
  expect(countRepeats(calls(text), hash).count).toBe(count);
});

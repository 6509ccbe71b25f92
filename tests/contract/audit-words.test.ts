import { expect, test } from "vitest";
import { recordSummary } from "../../contract/audit-summary.ts";
import { faultWords, verdictWords } from "../../contract/audit-words.ts";

const at = "2026-11-05T14:03:00.000Z";
const known = { seq: 123, hash: "a", at };
const asIs = (time: string): string => time;

test.each([
  [
    { kind: "changed", seq: 5, expected: "a", found: "b", seenAt: null },
    "Record 5 does not match its hash: it or the record before it was changed.",
  ],
  [
    { kind: "missing", seq: 5, to: 7, seenAt: at },
    `Records 5 to 7 are missing. This computer first kept a state of the trail that covers it on ${at}.`,
  ],
  [{ kind: "missing", seq: 5, to: 5, seenAt: null }, "Record 5 is missing."],
  [{ kind: "out_of_order", seq: 5, after: 6 }, "Record 5 comes after record 6."],
  [{ kind: "rewritten", seq: 123, known, found: null }, `Record 123 is not what this computer saw on ${at}.`],
  [{ kind: "cut", seq: 90, known }, `The trail ends with record 90; this computer saw record 123 on ${at}.`],
  [{ kind: "head_differs", seq: 9, headSeq: 9 }, "Record 9 is not the one the server itself noted as its last."],
  [
    { kind: "head_differs", seq: 8, headSeq: 9 },
    "The trail ends with record 8; the server itself noted record 9 as its last.",
  ],
] as const)("says in plain words: %o", (fault, words) => {
  expect(faultWords(fault, asIs)).toBe(words);
});

test("says what a check rests on", () => {
  const checked = { state: "intact", records: 1, heads: 2, since: at, restartedAt: at, unreadable: 1 } as const;
  expect(verdictWords(checked, asIs)).toEqual({
    title: "The trail is whole: 1 record",
    about: `Compared with 2 earlier states kept on this computer since ${at}. What was kept before ${at} does not count any more. 1 line of the notes on this computer could not be read.`,
  });
});

test.each([
  [
    '{"call":"c","input":{"command":"npm  test"},"tool":"run_command","verdict":"allow"}',
    "allow · run_command · npm test",
  ],
  ['{"input":{"path":"a.txt"},"tool":"read_file"}', 'read_file · {"path":"a.txt"}'],
  ['{"from":"person","message":"m1","text":"Is it\\nup?"}', "Is it up?"],
  ['{"something":1}', '{"something":1}'],
  ["not JSON", "not JSON"],
])("sums up %s", (detail, summary) => {
  expect(recordSummary(detail)).toBe(summary);
});

test("keeps a summary short", () => {
  expect(recordSummary(JSON.stringify({ text: "x".repeat(5000) })).length).toBe(240);
});

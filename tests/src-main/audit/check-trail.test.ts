import { expect, test } from "vitest";
import type { AuditVerdict } from "../../../contract/audit-check.ts";
import { AUDIT_START, type AuditHead, type AuditRecord, type KnownHead } from "../../../contract/audit.ts";
import { createTrailCheck } from "../../../src-main/audit/check-trail.ts";
import { NO_NOTES } from "../../../src-main/audit/head-notes.ts";
import { auditContent, chain, trail } from "../../support/audit-trail.ts";

const whole = trail(12);
const SEEN = "2026-11-05T14:03:00.000Z";

function record(records: readonly AuditRecord[], seq: number): AuditRecord {
  const found = records.find((each) => each.seq === seq);
  if (!found) throw new Error(`no record ${seq}`);
  return found;
}

/** The heads this computer kept when the trail was as it should be. */
const heads = (...seqs: number[]): KnownHead[] => seqs.map((seq) => ({ seq, hash: record(whole, seq).hash, at: SEEN }));

interface Case {
  readonly kept?: readonly KnownHead[];
  readonly own?: AuditHead;
}

function check(records: readonly AuditRecord[], { kept = [], own }: Case = {}): AuditVerdict {
  const trailCheck = createTrailCheck({ ...NO_NOTES, heads: kept }, own ?? records.at(-1) ?? AUDIT_START);
  trailCheck.add(records.slice(0, 5));
  trailCheck.add(records.slice(5));
  return trailCheck.end();
}

const CHECKED = { since: null, restartedAt: null, unreadable: 0 };
const changed = (seq: number, change: object): AuditRecord[] =>
  whole.map((each) => (each.seq === seq ? { ...each, ...change } : each));

test("a trail nobody touched is whole and agrees with every head", () => {
  const verdict = { ...CHECKED, state: "intact", records: 12, heads: 3, since: SEEN };
  expect(check(whole, { kept: heads(1, 7, 12) })).toEqual(verdict);
});

test("at first contact there is nothing to compare a whole trail with, which is told", () => {
  expect(check(whole)).toEqual({ ...CHECKED, state: "intact", records: 12, heads: 0 });
});

test("an empty trail is whole, unless records were seen of it", () => {
  expect(check([])).toEqual({ ...CHECKED, state: "intact", records: 0, heads: 0 });
  expect(check([], { kept: heads(4) })).toMatchObject({
    state: "broken",
    faults: [{ kind: "cut", seq: 0, known: heads(4)[0] }],
  });
});

test.each([
  ["detail", { detail: '{"text":"nothing happened"}' }],
  ["time", { at: "2026-11-01T08:05:00.001Z" }],
  ["kind", { kind: "login" }],
  ["agent", { agent: null }],
  ["task", { taskId: null }],
] as const)("an edited %s is found in its record, with what was expected", (_what, change) => {
  const verdict = check(changed(5, change), { kept: heads(3, 9) });
  const found = record(whole, 5).hash;
  expect(verdict).toMatchObject({
    state: "broken",
    faults: [{ kind: "changed", seq: 5, found, seenAt: SEEN }],
    moreFaults: 0,
    sure: { seq: 3 },
  });
});

test("an edited record with a hash to match breaks the chain at the next one", () => {
  const [forged] = chain([auditContent(5, { detail: "{}" })], record(whole, 4).hash);
  expect(check(changed(5, forged ?? {}))).toMatchObject({ state: "broken", faults: [{ kind: "changed", seq: 6 }] });
});

test("records taken out of the middle are missed", () => {
  const without = whole.filter(({ seq }) => seq < 4 || seq > 6);
  expect(check(without, { kept: heads(5) })).toMatchObject({
    state: "broken",
    faults: [{ kind: "missing", seq: 4, to: 6, seenAt: SEEN }],
  });
});

test("records taken out with the rest numbered and hashed anew are missed where a head is", () => {
  const closedUp = chain(
    Array.from({ length: 11 }, (_, i) => auditContent(i + 1, i < 3 ? {} : { detail: `${i + 2}` })),
  );
  expect(check(closedUp)).toMatchObject({ state: "intact" });
  expect(check(closedUp, { kept: heads(3, 8) })).toMatchObject({
    faults: [{ kind: "rewritten", seq: 8, known: heads(8)[0], found: record(closedUp, 8).hash }],
    sure: { seq: 3 },
  });
});

test("a tail that was cut is missed by whoever saw it", () => {
  expect(check(whole.slice(0, 8))).toMatchObject({ state: "intact" });
  expect(check(whole.slice(0, 8), { kept: heads(6, 10, 12) })).toMatchObject({
    faults: [{ kind: "cut", seq: 8, known: { seq: 12, at: SEEN } }],
    sure: { seq: 6 },
  });
});

test("a tail that was cut contradicts the server's own head when that was left as it was", () => {
  const own = { seq: 12, hash: record(whole, 12).hash };
  expect(check(whole.slice(0, 8), { own })).toMatchObject({
    faults: [{ kind: "head_differs", seq: 8, headSeq: 12 }],
  });
});

test("a trail rewritten from its first record to its last, hashes and all, disagrees with the heads", () => {
  const rewritten = chain(whole.map(({ seq }) => auditContent(seq, { detail: '{"text":"all is well"}' })));
  expect(check(rewritten)).toMatchObject({ state: "intact" });
  expect(check(rewritten, { kept: heads(7) })).toMatchObject({
    faults: [{ kind: "rewritten", seq: 7, known: { hash: record(whole, 7).hash, at: SEEN } }],
    sure: null,
  });
});

test("records in another order are told, also when each is as it was", () => {
  const swapped = [...whole.slice(0, 3), record(whole, 5), record(whole, 4), ...whole.slice(5)];
  expect(check(swapped)).toMatchObject({
    state: "broken",
    faults: [
      { kind: "missing", seq: 4, to: 4 },
      { kind: "out_of_order", seq: 4, after: 5 },
    ],
  });
});

test("contents that changed places are told", () => {
  const [four, five] = [record(whole, 4), record(whole, 5)];
  const swapped = whole.map((each) => {
    if (each.seq === 4) return { ...four, detail: five.detail };
    return each.seq === 5 ? { ...five, detail: four.detail } : each;
  });
  expect(check(swapped)).toMatchObject({
    faults: [
      { kind: "changed", seq: 4 },
      { kind: "changed", seq: 5 },
    ],
  });
});

test("a forged line among the notes disagrees with an honest trail", () => {
  const forged = { seq: 6, hash: "f".repeat(64), at: SEEN };
  expect(check(whole, { kept: [...heads(6), forged] })).toMatchObject({
    faults: [{ kind: "rewritten", seq: 6, known: forged, found: record(whole, 6).hash }],
  });
});

test("of very many faults the first twenty are told, and how many more there are", () => {
  const spoilt = trail(100).map((each) => ({ ...each, detail: "{}" }));
  const verdict = check(spoilt);
  expect(verdict.state === "broken" && [verdict.faults.length, verdict.moreFaults]).toEqual([20, 80]);
});

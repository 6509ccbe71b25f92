import { expect, test } from "vitest";
import { isFiltered, NO_FILTER, toRequest } from "../../src-renderer/pages/audit/filter.ts";
import {
  countAbove,
  EMPTY_TRAIL,
  foldFirst,
  foldNewer,
  foldOlder,
  type Trail,
} from "../../src-renderer/pages/audit/trail.ts";
import { trail } from "../support/audit-trail.ts";

const newestFirst = trail(10).toReversed();
const seqs = ({ records }: Pick<Trail, "records">): number[] => records.map(({ seq }) => seq);
const page = (from: number, to: number) => newestFirst.filter(({ seq }) => seq <= from && seq >= to);

test("holds each record once, however pages overlap", () => {
  const first = foldFirst(EMPTY_TRAIL, { records: page(6, 4), hasMore: true }, 6);
  const older = foldOlder(first, { records: page(5, 2), hasMore: true });
  const newer = foldNewer(older, page(9, 5), 8);
  expect(seqs(newer)).toEqual([9, 8, 7, 6, 5, 4, 3, 2]);
  expect([newer.upTo, newer.hasMore, newer.phase]).toEqual([9, true, "ready"]);
});

test("remembers how far it has read when nothing there matches", () => {
  const first = foldFirst(EMPTY_TRAIL, { records: [], hasMore: false }, 6);
  const newer = foldNewer(first, [], 8);
  expect([first.upTo, newer.upTo, newer.records]).toEqual([6, 8, []]);
});

test("counts what came in above a record", () => {
  expect(countAbove(page(9, 2), 6)).toBe(3);
  expect(countAbove(page(9, 2), 9)).toBe(0);
});

test("asks for nothing that was not chosen", () => {
  expect(toRequest(NO_FILTER, 0)).toEqual({});
  expect(isFiltered(NO_FILTER)).toBe(false);
  expect(isFiltered({ ...NO_FILTER, text: "  " })).toBe(false);
});

test("turns what was chosen into a request", () => {
  const now = Date.parse("2026-11-05T14:00:00.000Z");
  const filter = { ...NO_FILTER, agent: "qa", kind: "login", taskId: "t1", text: " x ", span: "day" } as const;
  expect(toRequest(filter, now)).toEqual({
    agent: "qa",
    kind: "login",
    taskId: "t1",
    text: "x",
    from: "2026-11-04T14:00:00.000Z",
  });
});

test("takes local times, and none that is empty or has a year of five digits", () => {
  const filter = { ...NO_FILTER, span: "between", from: "2026-11-05T14:00", to: "" } as const;
  const from = new Date("2026-11-05T14:00").toISOString();
  expect(toRequest(filter, 0)).toEqual({ from });
  expect(toRequest({ ...filter, to: "12026-11-05T14:00" }, 0)).toEqual({ from });
});

import type { AuditRecord } from "../../../contract/audit.ts";
import type { WireError } from "../../../contract/errors.ts";
import { NO_FILTER, type TrailFilter } from "./filter.ts";

/** What the page holds of a server's trail; the daemon is the writer, this is a copy of a part. */
export interface Trail {
  readonly filter: TrailFilter;
  readonly phase: "loading" | "ready" | "failed";
  readonly error: WireError | null;
  /** What matches the filter, newest first. */
  readonly records: readonly AuditRecord[];
  readonly hasMore: boolean;
  readonly loadingOlder: boolean;
  /** The record up to which everything that matches is here. */
  readonly upTo: number;
}

export const EMPTY_TRAIL: Trail = {
  filter: NO_FILTER,
  phase: "loading",
  error: null,
  records: [],
  hasMore: false,
  loadingOlder: false,
  upTo: 0,
};

export interface Page {
  readonly records: readonly AuditRecord[];
  readonly hasMore: boolean;
}

/** The newest page, in place of what was there. */
export function foldFirst(trail: Trail, { records, hasMore }: Page, headSeq: number): Trail {
  const upTo = Math.max(headSeq, records[0]?.seq ?? 0);
  return { ...trail, phase: "ready", error: null, records, hasMore, loadingOlder: false, upTo };
}

/** A page of older records, below what is there. */
export function foldOlder(trail: Trail, { records, hasMore }: Page): Trail {
  const last = trail.records.at(-1)?.seq ?? Infinity;
  const older = records.filter(({ seq }) => seq < last);
  return { ...trail, records: [...trail.records, ...older], hasMore, loadingOlder: false };
}

/** Records that were written since, above what is there. */
export function foldNewer(trail: Trail, records: readonly AuditRecord[], headSeq: number): Trail {
  const newer = records.filter(({ seq }) => seq > trail.upTo);
  const upTo = Math.max(trail.upTo, headSeq, newer[0]?.seq ?? 0);
  return { ...trail, records: newer.length > 0 ? [...newer, ...trail.records] : trail.records, upTo };
}

/** How many records stand above `seq`, which was the first before. */
export function countAbove(records: readonly AuditRecord[], seq: number): number {
  const index = records.findIndex((record) => record.seq <= seq);
  return index === -1 ? 0 : index;
}

import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type RefObject, useEffect, useState } from "react";
import type { AuditRecord } from "../../../contract/audit.ts";
import { loadOlder } from "./load-trail.ts";
import { useTrail } from "./store.ts";

const NEAR_END_ROWS = 40;
const PAGE_ROWS = 10;

interface RowsParts {
  readonly serverId: string;
  readonly view: RefObject<HTMLDivElement | null>;
  readonly records: readonly AuditRecord[];
  readonly rowPx: number;
  /** The record that is open; moving on opens the next one. */
  readonly opened: number | null;
  readonly open: (seq: number) => void;
}

/** Which rows are in the document, which of them has the focus, and the keys that move it. */
export function useRows({ serverId, view, records, rowPx, opened, open }: RowsParts) {
  const hasMore = useTrail(serverId, (trail) => trail.hasMore);
  const [focused, setFocused] = useState<number | null>(opened);
  const focusedIndex = records.findIndex(({ seq }) => seq === focused);
  // oxlint-disable-next-line react-compiler/incompatible-library -- Rows are drawn from the store, not from what the library keeps.
  const rows = useVirtualizer({
    count: records.length,
    getScrollElement: () => view.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => records[index]?.seq ?? index,
    overscan: 20,
    // The row with the focus stays, wherever the table is scrolled.
    rangeExtractor: (range) => withIndex(defaultRangeExtractor(range), focusedIndex),
  });
  useEffect(() => rows.measure(), [rows, rowPx]);

  const items = rows.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastShown >= records.length - NEAR_END_ROWS) void loadOlder(serverId);
  }, [serverId, hasMore, lastShown, records.length]);

  function onKeyDown(event: KeyboardEvent): void {
    const index = target(event.key, Math.max(focusedIndex, 0), records.length);
    const seq = index === null ? undefined : records[index]?.seq;
    if (index === null || seq === undefined) return;
    event.preventDefault();
    setFocused(seq);
    rows.scrollToIndex(index);
    requestAnimationFrame(() => view.current?.querySelector<HTMLElement>(`[data-seq="${seq}"]`)?.focus());
    if (opened !== null) open(seq);
  }
  return {
    items,
    height: rows.getTotalSize(),
    /** For `aria-rowcount`, with the head. */
    count: hasMore ? -1 : records.length + 1,
    onKeyDown,
    setFocused,
    /** One row at a time can be reached with Tab. */
    canTab: (index: number) => index === Math.max(focusedIndex, 0),
  };
}

function withIndex(indexes: number[], index: number): number[] {
  return index < 0 || indexes.includes(index) ? indexes : [...indexes, index].toSorted((a, b) => a - b);
}

/** Where a key leads from a row; null for a key that leads nowhere. */
function target(key: string, index: number, count: number): number | null {
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: index + 1,
    ArrowUp: index - 1,
    PageDown: index + PAGE_ROWS,
    PageUp: index - PAGE_ROWS,
    Home: 0,
    End: count - 1,
  };
  const to = moves[key];
  return to === undefined ? null : Math.min(Math.max(to, 0), count - 1);
}

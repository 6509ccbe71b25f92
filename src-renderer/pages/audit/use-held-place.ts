import { useLayoutEffect, useRef, useState } from "react";
import type { AuditRecord } from "../../../contract/audit.ts";
import { countAbove } from "./trail.ts";

interface HeldPlaceParts {
  readonly records: readonly AuditRecord[];
  readonly rowPx: number;
}

/**
 * Records that come in above push nothing down that a person is looking at: they are counted instead. Only at the very
 * top, with the focus elsewhere, they show themselves at once.
 */
export function useHeldPlace({ records, rowPx }: HeldPlaceParts) {
  const view = useRef<HTMLDivElement>(null);
  const first = records[0]?.seq ?? 0;
  const lastFirst = useRef(first);
  const [unseen, setUnseen] = useState(0);

  useLayoutEffect(() => {
    const element = view.current;
    const before = lastFirst.current;
    lastFirst.current = first;
    if (!element || before === 0 || first <= before) return;
    const isHeld = element.scrollTop > 0 || element.contains(document.activeElement);
    if (!isHeld) return;
    const added = countAbove(records, before);
    element.scrollBy(0, added * rowPx);
    setUnseen((count) => count + added);
  }, [first, records, rowPx]);

  return {
    view,
    unseen,
    onScroll: () => view.current?.scrollTop === 0 && setUnseen(0),
    toTop() {
      view.current?.scrollTo(0, 0);
      setUnseen(0);
    },
  };
}

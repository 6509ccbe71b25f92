import { ArrowUp } from "lucide-react";
import { useCallback } from "react";
import { go } from "../../app/navigation.ts";
import { Button } from "../../ui/button.tsx";
import { useNow } from "../../ui/time.tsx";
import { RecordRow, TableHead } from "./row.tsx";
import { useTrail } from "./store.ts";
import { useHeldPlace } from "./use-held-place.ts";
import { useRows } from "./use-rows.ts";

const ROW_PX = 36;
const NARROW_ROW_PX = 54;
const MINUTE_MS = 60_000;

interface RecordTableProps {
  readonly serverId: string;
  readonly opened: number | null;
  readonly narrow: boolean;
}

/** The records, newest first; only those in sight are in the document. */
export function RecordTable({ serverId, opened, narrow }: RecordTableProps) {
  const records = useTrail(serverId, (trail) => trail.records);
  const now = useNow(MINUTE_MS);
  const open = useCallback((seq: number) => go("audit", String(seq)), []);
  const rowPx = narrow ? NARROW_ROW_PX : ROW_PX;
  const held = useHeldPlace({ records, rowPx });
  const { view } = held;
  const rows = useRows({ serverId, view, records, rowPx, opened, open });
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={view}
        role="grid"
        tabIndex={-1}
        aria-label="Records, newest first"
        aria-rowcount={rows.count}
        onScroll={() => held.onScroll()}
        onKeyDown={rows.onKeyDown}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain outline-none"
      >
        {!narrow && <TableHead />}
        <div role="rowgroup" className="relative" style={{ height: rows.height }}>
          {rows.items.map(({ index, start }) => {
            const record = records[index];
            const place = { index, top: start, height: rowPx, narrow, now };
            return (
              record && (
                <RecordRow
                  key={record.seq}
                  record={record}
                  {...place}
                  opened={record.seq === opened}
                  canTab={rows.canTab(index)}
                  onOpen={open}
                  onFocus={rows.setFocused}
                />
              )
            );
          })}
        </div>
      </div>
      {held.unseen > 0 && <NewRecords count={held.unseen} onClick={() => held.toTop()} />}
    </div>
  );
}

function NewRecords({ count, onClick }: { readonly count: number; readonly onClick: () => void }) {
  return (
    <Button
      size="small"
      className="floats-in absolute top-10 left-1/2 -translate-x-1/2 rounded-full shadow-float"
      onClick={onClick}
    >
      <ArrowUp className="icon size-3.5" aria-hidden />
      {count === 1 ? "1 new record" : `${count.toLocaleString()} new records`}
    </Button>
  );
}

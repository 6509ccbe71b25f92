import { memo } from "react";
import { recordSummary } from "../../../contract/audit-summary.ts";
import type { AuditRecord } from "../../../contract/audit.ts";
import { AGENT_LABELS } from "../../team/situation.ts";
import { StateMark } from "../../ui/state-mark.tsx";
import { exactTime } from "../../ui/time.tsx";
import { kindLabel, shortTime, tellsOfFailure } from "./words.ts";

const COLUMNS = "grid grid-cols-[64px_132px_160px_92px_minmax(0,1fr)] items-center gap-x-3 px-6";

export function TableHead() {
  return (
    <div role="rowgroup" className="sticky top-0 z-10 border-b border-line bg-bg">
      <div role="row" aria-rowindex={1} className={`${COLUMNS} h-8 text-small font-strong text-dim`}>
        <span role="columnheader" className="text-right">
          Number
        </span>
        <span role="columnheader">Time</span>
        <span role="columnheader">Kind</span>
        <span role="columnheader">Agent</span>
        <span role="columnheader">What</span>
      </div>
    </div>
  );
}

interface RecordRowProps {
  readonly record: AuditRecord;
  readonly index: number;
  readonly top: number;
  readonly height: number;
  readonly narrow: boolean;
  readonly now: number;
  readonly opened: boolean;
  readonly canTab: boolean;
  readonly onOpen: (seq: number) => void;
  readonly onFocus: (seq: number) => void;
}

export const RecordRow = memo(function RecordRow(props: RecordRowProps) {
  const { record, index, top, height, narrow, opened, canTab, onOpen, onFocus } = props;
  const { seq } = record;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={opened}
      tabIndex={canTab ? 0 : -1}
      data-seq={seq}
      onClick={() => onOpen(seq)}
      onFocus={() => onFocus(seq)}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        onOpen(seq);
      }}
      className={`absolute inset-x-0 border-b border-line outline-offset-[-2px] ${opened ? "bg-accent-soft" : "hover:bg-raised"} ${narrow ? "flex flex-col justify-center px-4" : COLUMNS}`}
      style={{ top, height }}
    >
      {narrow ? <NarrowCells {...props} /> : <WideCells {...props} />}
    </div>
  );
});

function WideCells({ record, now }: RecordRowProps) {
  const { seq, at, kind, agent, detail } = record;
  return (
    <>
      <span role="gridcell" className="text-right text-small text-faint tabular-nums">
        {seq}
      </span>
      <span role="gridcell" className="truncate text-small text-dim tabular-nums" title={exactTime(at)}>
        <time dateTime={at}>{shortTime(at, now)}</time>
      </span>
      <span role="gridcell" className="flex min-w-0 items-center gap-2">
        <Kind record={record} kind={kind} />
      </span>
      <span role="gridcell" className="truncate text-dim">
        {agent ? AGENT_LABELS[agent] : "–"}
      </span>
      <span role="gridcell" className="truncate">
        {recordSummary(detail)}
      </span>
    </>
  );
}

function NarrowCells({ record, now }: RecordRowProps) {
  const { seq, at, kind, agent, detail } = record;
  return (
    <>
      <span className="flex min-w-0 items-center gap-2">
        <span role="gridcell" className="flex min-w-0 items-center gap-2">
          <Kind record={record} kind={kind} />
        </span>
        <span role="gridcell" className="min-w-0 flex-1 truncate text-small text-dim">
          {agent ? AGENT_LABELS[agent] : ""}
        </span>
        <span role="gridcell" className="text-small whitespace-nowrap text-faint tabular-nums">
          {seq} · <time dateTime={at}>{shortTime(at, now)}</time>
        </span>
      </span>
      <span role="gridcell" className="truncate text-dim">
        {recordSummary(detail)}
      </span>
    </>
  );
}

function Kind({ record, kind }: { readonly record: AuditRecord; readonly kind: string }) {
  return (
    <>
      <span className="truncate font-strong">{kindLabel(kind)}</span>
      {tellsOfFailure(record) && <StateMark mark="failed" label="refused or failed" />}
    </>
  );
}

import { useVirtualizer } from "@tanstack/react-virtual";
import { CopyButton } from "../../ui/copy-button.tsx";
import { useFollowEnd } from "../../ui/use-follow-end.ts";
import type { LogLine } from "./run.ts";

const LINE_PX = 19;

/** The run's output as it comes. Follows the end unless a person has scrolled up. */
export function Log({ lines }: { readonly lines: readonly LogLine[] }) {
  const { viewRef, contentRef, onScroll } = useFollowEnd();
  // oxlint-disable-next-line react-compiler/incompatible-library -- The list is new on every line, so nothing it memoises goes stale.
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => viewRef.current,
    estimateSize: () => LINE_PX,
    overscan: 20,
  });
  return (
    <div className="card overflow-hidden">
      <div className="flex h-8.5 items-center justify-between border-b border-line pr-1 pl-3">
        <h3 className="text-small text-dim">Log</h3>
        <span className="flex items-center gap-2 text-small text-faint tabular-nums">
          {lines.length} {lines.length === 1 ? "line" : "lines"}
          <CopyButton text={lines.map((line) => line.text).join("\n")} label="Copy the log" />
        </span>
      </div>
      <div
        ref={viewRef}
        onScroll={onScroll}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- A region that scrolls must be reachable by keyboard.
        tabIndex={0}
        role="log"
        aria-label="Log of the run"
        className="h-64 overflow-auto bg-code py-2 font-mono text-small outline-offset-[-2px]"
      >
        <div ref={contentRef} className="relative" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((row) => (
            <div
              key={row.index}
              className="absolute left-0 flex gap-3 px-3 whitespace-pre"
              style={{ top: row.start, height: LINE_PX, lineHeight: `${LINE_PX}px` }}
            >
              <span className="w-28 shrink-0 truncate text-faint">{lines[row.index]?.step}</span>
              <span>{lines[row.index]?.text}</span>
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}

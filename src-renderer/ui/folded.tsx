import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";

interface FoldedProps {
  readonly summary: ReactNode;
  readonly children: ReactNode;
  readonly open?: boolean;
  readonly onToggle?: (open: boolean) => void;
}

/** Details behind a line, closed at first unless told otherwise. */
export function Folded({ summary, children, open, onToggle }: FoldedProps) {
  return (
    <details className="group" open={open} onToggle={(event) => onToggle?.(event.currentTarget.open)}>
      <summary className="flex w-fit list-none items-center gap-1.5 rounded-control text-small text-dim hover:text-text">
        <ChevronRight className="icon size-3.5 transition-transform duration-150 group-open:rotate-90" aria-hidden />
        {summary}
      </summary>
      <div className="mt-2">{children}</div>
    </details>
  );
}

/** Text as a machine wrote it: wrapped, scrollable, copied whole. */
export function Output({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <pre
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- A region that scrolls must be reachable by keyboard.
      tabIndex={0}
      aria-label={label}
      className="max-h-72 overflow-auto rounded-control border border-line bg-code px-3 py-2 font-mono text-small leading-5 whitespace-pre-wrap wrap-anywhere"
    >
      {text}
    </pre>
  );
}

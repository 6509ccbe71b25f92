interface BarProps {
  readonly kind: "meter" | "progressbar";
  readonly label: string;
  /** From 0 to 1. */
  readonly part: number;
  /** The part in words, for screen readers. */
  readonly text?: string;
  /** Classes of the bar itself. */
  readonly className?: string;
  /** Classes of what fills it. */
  readonly fill: string;
}

/** A bar that is filled in part; what is outside of 0 to 1 counts as empty or full. */
export function Bar({ kind, label, part, text, className = "", fill }: BarProps) {
  const percent = Math.round(Math.min(Math.max(part, 0), 1) * 100);
  return (
    <div
      role={kind}
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuetext={text}
      className={`h-1 overflow-hidden rounded-full bg-line2 ${className}`}
    >
      <div className={`h-full rounded-full ${fill}`} style={{ width: `${percent}%` }} />
    </div>
  );
}

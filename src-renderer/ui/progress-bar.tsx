interface ProgressBarProps {
  readonly label: string;
  /** From 0 to 1, by work done, never by time passed. */
  readonly done: number;
}

export function ProgressBar({ label, done }: ProgressBarProps) {
  const percent = Math.round(Math.min(Math.max(done, 0), 1) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      className="h-1 min-w-16 flex-1 overflow-hidden rounded-full bg-line2"
    >
      <div className="h-full rounded-full bg-accent transition-[width] duration-150" style={{ width: `${percent}%` }} />
    </div>
  );
}

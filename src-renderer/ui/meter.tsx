interface MeterProps {
  readonly label: string;
  /** From 0 to 1. */
  readonly value: number;
  /** The value in words, for screen readers. */
  readonly text: string;
  readonly tone?: "plain" | "needs_you" | "bad";
}

const TONES = { plain: "bg-faint", needs_you: "bg-wait", bad: "bg-bad" } as const;

/** How much of something is taken or left. The words stand beside it. */
export function Meter({ label, value, text, tone = "plain" }: MeterProps) {
  const percent = Math.round(Math.min(Math.max(value, 0), 1) * 100);
  return (
    <div
      role="meter"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuetext={text}
      className="h-1 overflow-hidden rounded-full bg-line2"
    >
      <div className={`h-full rounded-full ${TONES[tone]}`} style={{ width: `${percent}%` }} />
    </div>
  );
}

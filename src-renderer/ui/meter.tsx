import { Bar } from "./bar.tsx";

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
  return <Bar kind="meter" label={label} part={value} text={text} fill={TONES[tone]} />;
}

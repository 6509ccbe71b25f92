import { Bar } from "./bar.tsx";

interface ProgressBarProps {
  readonly label: string;
  /** From 0 to 1, by work done, never by time passed. */
  readonly done: number;
}

export function ProgressBar({ label, done }: ProgressBarProps) {
  return (
    <Bar
      kind="progressbar"
      label={label}
      part={done}
      className="min-w-16 flex-1"
      fill="bg-accent transition-[width] duration-150"
    />
  );
}

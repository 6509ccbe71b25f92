/** One measured figure beside its baseline from the same run. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: "ms" | "s" | "MB/s" | "MB" | "kB" | "%" | "/s";
  /** What the value is measured against: another measurement of this run, or a fixed budget. */
  readonly baseline: { readonly name: string; readonly value: number };
  /** The bar for value / baseline. */
  readonly bar: { readonly atMost: number } | { readonly atLeast: number };
}

export interface Bench {
  readonly name: string;
  /** Why it cannot run here, or null. */
  readonly unavailable: () => string | null;
  readonly run: () => Promise<readonly Figure[]>;
}

export function ratioOf(figure: Figure): number {
  return figure.value / figure.baseline.value;
}

export function holds(figure: Figure): boolean {
  const ratio = ratioOf(figure);
  return "atMost" in figure.bar ? ratio <= figure.bar.atMost : ratio >= figure.bar.atLeast;
}

/** One line for people, such as "ok    echo p50  2.1 ms  budget 5 ms  0.42 (at most 1)". */
export function describeFigure(figure: Figure): string {
  const bar = "atMost" in figure.bar ? `at most ${figure.bar.atMost}` : `at least ${figure.bar.atLeast}`;
  const columns = [
    holds(figure) ? "ok  " : "MISS",
    figure.name.padEnd(44),
    `${round(figure.value)} ${figure.unit}`.padStart(12),
    `  ${figure.baseline.name} ${round(figure.baseline.value)} ${figure.unit}`.padEnd(36),
    `${round(ratioOf(figure))} (${bar})`,
  ];
  return columns.join(" ");
}

/** Nearest-rank percentile, `fraction` between 0 and 1. */
export function percentile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(fraction * sorted.length) - 1)] ?? Number.NaN;
}

function round(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

import { describe, expect, it } from "vitest";
import { describeFigure, holds, percentile, type Figure } from "./figure.ts";

const echo: Figure = {
  name: "echo",
  value: 6,
  unit: "ms",
  baseline: { name: "budget", value: 5 },
  bar: { atMost: 1 },
};

describe("figures", () => {
  it("miss their bar when the ratio is over it", () => {
    expect(holds(echo)).toBe(false);
    expect(describeFigure(echo)).toMatch(/^MISS echo .* 6\.00 ms .* budget 5\.00 ms .* 1\.20 \(at most 1\)$/);
  });

  it("hold a lower bar from above", () => {
    expect(holds({ ...echo, bar: { atLeast: 1 } })).toBe(true);
  });

  it("give percentiles by nearest rank", () => {
    expect([percentile([3, 1, 2, 4], 0.5), percentile([1, 2, 3, 4], 0.95), percentile([7], 0.5)]).toEqual([2, 4, 7]);
  });
});

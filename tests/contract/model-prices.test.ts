import { expect, it } from "vitest";
import { costOf, modelFacts } from "../../contract/model-prices.ts";

const M = 1_000_000;
const NONE = { input: 0, output: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0 };

it("prices each kind of token by itself", () => {
  const costs = (Object.keys(NONE) as (keyof typeof NONE)[]).map((kind) =>
    costOf("claude-sonnet-5-5", { ...NONE, [kind]: M }),
  );
  expect(costs).toEqual([2, 10, 2.5, 4, 0.1]);
});

it("prices a long request by another list, counting what came from the cache", () => {
  const tokens = { ...NONE, input: 50_000, cacheRead: 50_000 };
  expect(costOf("claude-haiku-5-5", tokens)).toBeCloseTo(0.0055, 10);
  expect(costOf("claude-haiku-5-5", { ...tokens, cacheRead: 50_001 })).toBeCloseTo(0.0275, 5);
});

it("takes a dated name for the model, and knows nothing of a stranger", () => {
  expect(modelFacts("claude-haiku-4-5-20251001")).toBe(modelFacts("claude-haiku-4-5"));
  expect(costOf("claude-sonnet-99", { ...NONE, input: M })).toBeNull();
});

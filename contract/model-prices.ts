import { z } from "zod";

/** The tokens of one or more model requests, as the Messages API counts them: each token in one of the five. */
export const TokenCounts = z.object({
  /** Read at full price. */
  input: z.number().int(),
  output: z.number().int(),
  cacheWrite5m: z.number().int(),
  cacheWrite1h: z.number().int(),
  cacheRead: z.number().int(),
});
export type TokenCounts = z.infer<typeof TokenCounts>;

/** USD per million tokens of each kind. */
export type ModelPrice = Readonly<Record<keyof TokenCounts, number>>;

export interface ModelFacts {
  /** Tokens a request may hold, with its answer. */
  readonly window: number;
  readonly price: ModelPrice;
  /** For requests that read more tokens than `above`, from the first token on. */
  readonly longPrice?: { readonly above: number; readonly price: ModelPrice };
}

/** Where the prices below come from. They are list prices: edit the table when they change. */
export const PRICE_SOURCE = "List prices of platform.claude.com/docs/en/about-claude/pricing, October 2026";

const M = 1_000_000;

/** Writing to the cache costs 1.25 times the input for 5 minutes, twice the input for an hour; reading has its own price. */
function price(input: number, output: number, cacheRead: number): ModelPrice {
  return { input, output, cacheWrite5m: input * 1.25, cacheWrite1h: input * 2, cacheRead };
}

const MODELS: Readonly<Record<string, ModelFacts>> = {
  "claude-fable-5-1": { window: M, price: price(10, 50, 0.25) },
  "claude-fable-5": { window: M, price: price(10, 50, 1) },
  "claude-opus-5-5": { window: M, price: price(4, 20, 0.2) },
  "claude-opus-5": { window: M, price: price(5, 25, 0.5) },
  "claude-opus-4-8": { window: M, price: price(5, 25, 0.5) },
  "claude-opus-4-7": { window: M, price: price(5, 25, 0.5) },
  "claude-opus-4-6": { window: M, price: price(5, 25, 0.5) },
  "claude-opus-4-5": { window: 200_000, price: price(5, 25, 0.5) },
  "claude-sonnet-5-5": { window: M, price: price(2, 10, 0.1) },
  "claude-sonnet-5": { window: M, price: price(2, 10, 0.2) },
  "claude-sonnet-4-6": { window: M, price: price(3, 15, 0.3) },
  "claude-sonnet-4-5": { window: 200_000, price: price(3, 15, 0.3) },
  "claude-haiku-5-5": {
    window: M,
    price: price(0.1, 0.5, 0.01),
    longPrice: { above: 100_000, price: price(0.5, 2.5, 0.05) },
  },
  "claude-haiku-4-5": { window: 200_000, price: price(1, 5, 0.1) },
};

/** Null for a model that is not in the table. A dated name such as `claude-haiku-4-5-20251001` is the model without its date. */
export function modelFacts(model: string): ModelFacts | null {
  return MODELS[model.replace(/-\d{8}$/, "")] ?? null;
}

/** What a request costs in USD; null when the model's price is not known. */
export function costOf(model: string, tokens: TokenCounts): number | null {
  const facts = modelFacts(model);
  if (!facts) return null;
  const read = tokens.input + tokens.cacheWrite5m + tokens.cacheWrite1h + tokens.cacheRead;
  const price = facts.longPrice && read > facts.longPrice.above ? facts.longPrice.price : facts.price;
  const kinds = Object.keys(TokenCounts.shape) as (keyof TokenCounts)[];
  return kinds.reduce((sum, kind) => sum + tokens[kind] * price[kind], 0) / M;
}

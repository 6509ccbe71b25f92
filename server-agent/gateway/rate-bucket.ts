/** What is left of one limit of the provider, such as requests or input tokens a minute. It fills up evenly. */
export interface RateBucket {
  readonly limit: number;
  /** At the time `at`. */
  readonly remaining: number;
  readonly at: number;
  /** When it will be full. */
  readonly fullAt: number;
}

export type BucketName = "requests" | "tokens" | "input-tokens" | "output-tokens";

export const BUCKET_NAMES: readonly BucketName[] = ["requests", "tokens", "input-tokens", "output-tokens"];

/** As the headers of an answer tell it; null when they do not. */
export function readBucket(headers: Headers, name: BucketName, now: number): RateBucket | null {
  const read = (part: string): string | null => headers.get(`anthropic-ratelimit-${name}-${part}`);
  const [limit, remaining, fullAt] = [read("limit"), read("remaining"), read("reset")];
  if (limit === null || remaining === null || fullAt === null) return null;
  const bucket = { limit: Number(limit), remaining: Number(remaining), at: now, fullAt: Date.parse(fullAt) };
  return Object.values(bucket).every(Number.isFinite) ? bucket : null;
}

/**
 * How long until something is there. How many tokens a request will count for is not known beforehand, because what
 * the cache holds does not count, so a request takes one of each.
 */
export function waitForOne(bucket: RateBucket, now: number): number {
  const missing = Math.min(1, bucket.limit) - available(bucket, now);
  if (missing <= 0) return 0;
  const perMs = (bucket.limit - bucket.remaining) / (bucket.fullAt - bucket.at);
  return Math.ceil(missing / perMs);
}

export function takeOne(bucket: RateBucket, now: number): RateBucket {
  return { ...bucket, remaining: available(bucket, now) - 1, at: now };
}

function available({ limit, remaining, at, fullAt }: RateBucket, now: number): number {
  if (now >= fullAt) return limit;
  return remaining + ((limit - remaining) * (now - at)) / (fullAt - at);
}

import { BUCKET_NAMES, type BucketName, type RateBucket, readBucket, takeOne, waitForOne } from "./rate-bucket.ts";
import { LONGEST_WAIT_MS, retryAfterMs } from "./usage-limit.ts";

export type RateAnswer = Pick<Response, "status" | "headers">;

/** What the provider's answers so far say about the next request. */
export interface RateLimits {
  /** How long the next request has to wait; null: until one under way has its answer. */
  waitMs(now: number): number | null;
  started(now: number): void;
  /** Null when no answer came. */
  answered(answer: RateAnswer | null, now: number): void;
}

/** After a 429 that does not say how long. */
const PAUSE_MS = 5_000;

export function createRateLimits(): RateLimits {
  const buckets = new Map<BucketName, RateBucket>();
  let blockedUntil = 0;
  let underWay = 0;
  /** After a 429 one request at a time goes out, until one is answered well. */
  let inDoubt = false;
  return {
    waitMs(now) {
      const ms = Math.max(blockedUntil - now, 0, ...[...buckets.values()].map((bucket) => waitForOne(bucket, now)));
      return ms === 0 && inDoubt && underWay > 0 ? null : ms;
    },
    started(now) {
      underWay += 1;
      for (const [name, bucket] of buckets) buckets.set(name, takeOne(bucket, now));
    },
    answered(answer, now) {
      underWay -= 1;
      if (!answer) return;
      for (const name of BUCKET_NAMES) {
        const bucket = readBucket(answer.headers, name, now);
        if (bucket) buckets.set(name, bucket);
      }
      inDoubt = answer.status === 429;
      const ms = inDoubt ? (retryAfterMs(answer.headers, now) ?? PAUSE_MS) : 0;
      // A longer one is no matter of waiting in line: each turn is told to rest.
      if (ms <= LONGEST_WAIT_MS) blockedUntil = Math.max(blockedUntil, now + ms);
    },
  };
}

import { z } from "zod";
import { AppError } from "../../contract/errors.ts";
import type { Rest } from "../../contract/tasks.ts";

export interface Refusal {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** A longer wait than this is not a busy minute: the work rests until then. */
export const LONGEST_WAIT_MS = 60_000;
/** When the provider does not say when it goes on. */
const LOOK_AGAIN_MS = 3_600_000;

/** Whether the provider has stopped the whole account for some time; null when not. */
export function usageLimit({ status, headers, body }: Refusal, now: number): Rest | null {
  const waitMs = status === 429 ? retryAfterMs(headers, now) : null;
  if (waitMs !== null && waitMs > LONGEST_WAIT_MS) return limited(said(body), now + waitMs);
  if (status < 400 || status >= 500) return null;
  if (/usage limit|spend limit/i.test(body)) return limited(said(body), accessRegained(body) ?? now + LOOK_AGAIN_MS);
  if (status === 402 || /credit balance is too low/i.test(body)) return outOfCredit(said(body), now + LOOK_AGAIN_MS);
  return null;
}

/** Seconds or a date; null when the header is missing or says neither. */
export function retryAfterMs(headers: Headers, now: number): number | null {
  const value = headers.get("retry-after");
  if (value === null) return null;
  const seconds = Number(value);
  const waitMs = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - now;
  return Number.isFinite(waitMs) ? Math.max(waitMs, 0) : null;
}

/** As in "You will regain access on 2026-12-01 at 00:00 UTC". */
function accessRegained(body: string): number | null {
  const found = /regain access on (\d{4}-\d{2}-\d{2}) at (\d{2}:\d{2}) UTC/i.exec(body);
  return found ? Date.parse(`${found[1]}T${found[2]}:00Z`) : null;
}

function limited(message: string, until: number): Rest {
  return rest("The model's provider has stopped this account for now", message, {
    until,
    hint: "The work goes on by itself then. If the limit was raised, choose Try again under Spend.",
  });
}

function outOfCredit(message: string, until: number): Rest {
  return rest("The account at the model's provider has no credit", message, {
    until,
    hint: "Add credit at the provider. The team looks again every hour, or when you choose Try again under Spend.",
  });
}

function rest(what: string, message: string, { until, hint }: { readonly until: number; readonly hint: string }): Rest {
  const error = new AppError("model.usage_limited", `${what}: ${message}`, { hint });
  return { reason: error.toWire(), until: new Date(until).toISOString() };
}

/** The provider's own words. */
function said(body: string): string {
  try {
    return ErrorBody.parse(JSON.parse(body)).error.message;
  } catch {
    return body.slice(0, 300);
  }
}

const ErrorBody = z.object({ error: z.object({ message: z.string() }) });

import type { IncomingHttpHeaders } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { AgentName } from "../../contract/agents.ts";
import { AppError } from "../../contract/errors.ts";
import type { RateLimiter } from "./rate-limiter.ts";
import { LONGEST_WAIT_MS, retryAfterMs } from "./usage-limit.ts";

export interface Upstream {
  readonly url: string;
  readonly key: string;
  readonly limiter: RateLimiter;
  /** Without any byte for this long an answer counts as stalled. */
  readonly stallMs: number;
}

export interface UpstreamRequest {
  readonly agent: AgentName;
  readonly body: Buffer;
  readonly headers: IncomingHttpHeaders;
}

const ATTEMPTS = 4;
const RETRIED = new Set([429, 500, 502, 503, 504, 529]);
const MAX_BACKOFF_MS = 30_000;
const PASSED_ON = ["anthropic-version", "anthropic-beta", "content-type", "accept", "user-agent"] as const;

/** Sends a request when its turn has come, again while the provider is busy; gives the answer as soon as it begins. */
export async function requestUpstream(
  upstream: Upstream,
  request: UpstreamRequest,
  signal: AbortSignal,
): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await requestOnce(upstream, request, signal);
    const isLast = attempt === ATTEMPTS;
    if (answer instanceof AppError) {
      if (isLast) throw answer;
      await pause(backoffMs(attempt), undefined, { signal });
      continue;
    }
    const waitMs = retryAfterMs(answer.headers, Date.now());
    if (isLast || !RETRIED.has(answer.status) || (waitMs ?? 0) > LONGEST_WAIT_MS) return answer;
    await answer.body?.cancel();
    // After a 429 the limiter makes everyone wait.
    if (answer.status !== 429)
      await pause(Math.min(waitMs ?? backoffMs(attempt), MAX_BACKOFF_MS), undefined, { signal });
  }
}

/** The answer, or why there is none. */
async function requestOnce(
  { limiter, ...upstream }: Upstream,
  request: UpstreamRequest,
  signal: AbortSignal,
): Promise<Response | AppError> {
  const answered = await limiter.enter(request.agent, signal);
  try {
    const answer = await send(upstream, request, signal);
    answered(answer);
    return answer;
  } catch (cause) {
    answered(null);
    signal.throwIfAborted();
    return new AppError("model.unreachable", `The Messages API at ${new URL(upstream.url).host} cannot be reached`, {
      hint: "Check that the server may reach it, or try again later.",
      cause,
    });
  }
}

async function send(
  { url, key, stallMs }: Omit<Upstream, "limiter">,
  { body, headers }: UpstreamRequest,
  signal: AbortSignal,
): Promise<Response> {
  // Until the answer begins; its body is watched chunk by chunk.
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), stallMs);
  try {
    return await fetch(new URL("/v1/messages", url), {
      method: "POST",
      headers: requestHeaders(headers, key),
      body: new Uint8Array(body),
      signal: AbortSignal.any([signal, late.signal]),
    });
  } finally {
    clearTimeout(timer);
  }
}

/** The agent's own token is dropped; the real key takes the form in which the agent sent it. */
function requestHeaders(from: IncomingHttpHeaders, key: string): Headers {
  const headers = new Headers({ "content-type": "application/json", "anthropic-version": "2023-06-01" });
  for (const name of PASSED_ON) {
    const value = from[name];
    if (value !== undefined) headers.set(name, String(value));
  }
  if (from.authorization !== undefined) headers.set("authorization", `Bearer ${key}`);
  else headers.set("x-api-key", key);
  return headers;
}

function backoffMs(attempt: number): number {
  return 500 * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
}

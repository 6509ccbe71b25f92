import { once } from "node:events";
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { AgentName } from "../../contract/agents.ts";
import { AppError } from "../../contract/errors.ts";
import { sendError } from "./event-stream.ts";
import { meterUsage } from "./meter-usage.ts";

export interface Forwarding {
  readonly body: Buffer;
  readonly headers: IncomingHttpHeaders;
  readonly response: ServerResponse;
  readonly agent: AgentName;
  readonly url: string;
  readonly key: string;
  readonly log: { info(message: string, fields?: Readonly<Record<string, unknown>>): void };
  /** Without any event for this long a stream counts as stalled. */
  readonly stallMs?: number;
}

const ATTEMPTS = 4;
const RETRIED = new Set([429, 500, 502, 503, 504, 529]);
const MAX_WAIT_MS = 30_000;
const STALL_MS = 90_000;
const PASSED_ON = ["anthropic-version", "anthropic-beta", "content-type", "accept", "user-agent"] as const;

/** Streams the answer through. Retries only before the first byte; later faults become an error event. */
export async function forwardToAnthropic(forwarding: Forwarding): Promise<void> {
  const { response, agent, log } = forwarding;
  const started = Date.now();
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const answer = await requestWithRetries(forwarding, gone.signal);
  response.writeHead(answer.status, answerHeaders(answer.headers));
  const usage = meterUsage();
  try {
    await pipeWatched(answer, forwarding, { onChunk: (chunk) => usage.add(chunk), gone });
    response.end();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    sendError(response, 529, { type: "overloaded_error", message: error.message, app_error: error.toWire() });
  } finally {
    const ms = Date.now() - started;
    log.info("model request", { agent, status: answer.status, ...usage.read(), ms });
  }
}

async function requestWithRetries(forwarding: Forwarding, signal: AbortSignal): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await requestOnce(forwarding, signal);
    const isLast = attempt === ATTEMPTS || signal.aborted;
    if (answer instanceof Response && (isLast || !RETRIED.has(answer.status))) return answer;
    if (!(answer instanceof Response) && isLast) throw answer;
    const waitMs = answer instanceof Response ? retryAfterMs(answer.headers, attempt) : backoffMs(attempt);
    if (answer instanceof Response) await answer.body?.cancel();
    await pause(waitMs, undefined, { signal });
  }
}

/** The answer, or why there is none. */
async function requestOnce(
  { url, key, body, headers, stallMs }: Forwarding,
  signal: AbortSignal,
): Promise<Response | AppError> {
  // Until the answer begins; its body is watched chunk by chunk.
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), stallMs ?? STALL_MS);
  try {
    return await fetch(new URL("/v1/messages", url), {
      method: "POST",
      headers: requestHeaders(headers, key),
      body: new Uint8Array(body),
      signal: AbortSignal.any([signal, late.signal]),
    });
  } catch (cause) {
    signal.throwIfAborted();
    return new AppError("model.unreachable", `The Messages API at ${new URL(url).host} cannot be reached`, {
      hint: "Check that the server may reach it, or try again later.",
      cause,
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

function answerHeaders(from: Headers): Record<string, string> {
  const kept = ["content-type", "request-id", "retry-after"];
  return Object.fromEntries(kept.flatMap((name) => (from.has(name) ? [[name, from.get(name) ?? ""]] : [])));
}

async function pipeWatched(
  answer: Response,
  { response, stallMs = STALL_MS }: Forwarding,
  { onChunk, gone }: { readonly onChunk: (chunk: Uint8Array) => void; readonly gone: AbortController },
): Promise<void> {
  if (!answer.body) return;
  const reader = answer.body.getReader();
  while (true) {
    const read = await nextChunk(reader, stallMs).catch((error: unknown) => {
      gone.abort();
      throw error instanceof AppError ? error : cutShort(error);
    });
    if (read.done) return;
    onChunk(read.value);
    if (!response.write(read.value)) await Promise.race([once(response, "drain"), once(response, "close")]);
  }
}

async function nextChunk(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  stallMs: number,
): Promise<Awaited<ReturnType<ReadableStreamDefaultReader<Uint8Array>["read"]>>> {
  let timer: NodeJS.Timeout | undefined;
  const stalled = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new AppError("model.stalled", `The model sent nothing for ${Math.round(stallMs / 1000)} s`));
    }, stallMs);
  });
  try {
    return await Promise.race([reader.read(), stalled]);
  } finally {
    clearTimeout(timer);
  }
}

function cutShort(cause: unknown): AppError {
  return new AppError("model.unreachable", "The model's answer was cut short", { cause });
}

function retryAfterMs(headers: Headers, attempt: number): number {
  const value = headers.get("retry-after");
  if (value === null) return backoffMs(attempt);
  const seconds = Number(value);
  const waitMs = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(waitMs) ? Math.min(Math.max(waitMs, 0), MAX_WAIT_MS) : backoffMs(attempt);
}

function backoffMs(attempt: number): number {
  return 500 * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
}

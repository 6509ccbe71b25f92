import type { ServerResponse } from "node:http";
import { AppError } from "../../contract/errors.ts";
import { sendError, sendRest } from "./event-stream.ts";
import type { Account } from "./ledger.ts";
import { meterUsage, type Metered } from "./meter-usage.ts";
import { pipeAnswer } from "./pipe-answer.ts";
import { requestUpstream, type Upstream, type UpstreamRequest } from "./request-upstream.ts";
import { usageLimit } from "./usage-limit.ts";

export interface Forwarding {
  readonly request: UpstreamRequest;
  /** As the request names it. */
  readonly model: string;
  readonly response: ServerResponse;
  readonly account: Account;
  /** Aborts when the console is gone. */
  readonly gone: AbortSignal;
}

export type AnthropicUpstream = Upstream & {
  readonly log: { info(message: string, fields?: Readonly<Record<string, unknown>>): void };
};

/** More often than a console's patience with a silent gateway. */
const SIGN_OF_LIFE_MS = 30_000;

/** Streams the answer through. Retries only before the first byte; later faults become an error event. */
export async function forwardToAnthropic(upstream: AnthropicUpstream, forwarding: Forwarding): Promise<void> {
  const books = openBooks(upstream, forwarding);
  const answer = await requestPatiently(upstream, forwarding).catch(async (error: unknown) => {
    if (error instanceof AppError) await books.close({ status: 502, error: error.code });
    throw error;
  });
  if (!answer.ok) return await refuse(answer, forwarding, books);
  forwarding.response.writeHead(answer.status, answerHeaders(answer.headers));
  await stream(upstream, { ...forwarding, answer, books });
}

/** While the request waits in line, signs of life keep the console from giving it up. */
async function requestPatiently(upstream: Upstream, { request, response, gone }: Forwarding): Promise<Response> {
  const timer = setInterval(() => response.writeProcessing(), SIGN_OF_LIFE_MS);
  try {
    return await requestUpstream(upstream, request, gone);
  } finally {
    clearInterval(timer);
  }
}

async function refuse(answer: Response, { response }: Forwarding, books: Books): Promise<void> {
  const body = await answer.text();
  const rest = usageLimit({ status: answer.status, headers: answer.headers, body }, Date.now());
  await books.close({ status: answer.status, error: rest?.reason.code ?? null });
  if (rest) sendRest(response, rest);
  else response.writeHead(answer.status, answerHeaders(answer.headers)).end(body);
}

async function stream(
  { stallMs }: Upstream,
  { answer, response, gone, books }: Forwarding & { readonly answer: Response; readonly books: Books },
): Promise<void> {
  const meter = meterUsage(answer.headers.get("content-type"));
  let hasBegun = false;
  const onChunk = (chunk: Uint8Array): void => {
    meter.add(chunk);
    if (hasBegun) return;
    const metered = meter.read();
    hasBegun = metered.hasBegun;
    if (hasBegun) books.begin(metered);
  };
  try {
    await pipeAnswer(answer, { response, stallMs, onChunk });
    // Nobody waits for the books but the next request.
    response.end();
    await books.close({ status: answer.status, error: null, ...meter.read() });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    await books.close({ status: answer.status, error: gone.aborted ? "app.cancelled" : error.code, ...meter.read() });
    sendError(response, 529, { type: "overloaded_error", message: error.message, app_error: error.toWire() });
  }
}

interface Books {
  begin(metered: Metered): void;
  close(end: Partial<Metered> & { readonly status: number; readonly error: string | null }): Promise<void>;
}

const NO_TOKENS: Metered["tokens"] = { input: 0, output: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0 };

/** What a request used is written down when its answer begins, and again, whole, when it ends. */
function openBooks({ log }: AnthropicUpstream, { request, account, model }: Forwarding): Books {
  const started = performance.now();
  let firstTokenMs: number | null = null;
  return {
    begin({ tokens, model: answering }) {
      const ms = performance.now() - started;
      firstTokenMs = ms;
      void account.record({ model: answering ?? model, status: 200, error: null, tokens, ms, firstTokenMs });
    },
    async close({ status, error, tokens = NO_TOKENS, model: answering = null }) {
      const ms = performance.now() - started;
      const use = { model: answering ?? model, status, error, tokens, ms, firstTokenMs };
      log.info("model request", { agent: request.agent, ...use, ms: Math.round(ms) });
      await account.record(use);
    },
  };
}

function answerHeaders(from: Headers): Record<string, string> {
  const kept = ["content-type", "request-id", "retry-after"];
  return Object.fromEntries(kept.flatMap((name) => (from.has(name) ? [[name, from.get(name) ?? ""]] : [])));
}

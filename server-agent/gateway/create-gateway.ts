import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import type { AgentName } from "../../contract/agents.ts";
import { TURN_HEADER } from "../../contract/console-api.ts";
import type { DaemonConfig } from "../../contract/daemon-config.ts";
import { AppError, type WireError } from "../../contract/errors.ts";
import type { Redact } from "../platform/redact.ts";
import { type AnthropicUpstream, forwardToAnthropic } from "./anthropic-upstream.ts";
import { sendError, sendRest } from "./event-stream.ts";
import type { Account, Ledger } from "./ledger.ts";
import { MessagesRequest } from "./messages-request.ts";
import { createRateLimiter } from "./rate-limiter.ts";
import { answerSimulated } from "./simulated-upstream.ts";

export interface GatewayParts {
  readonly config: Pick<DaemonConfig, "model" | "anthropicUrl">;
  /** Null while no key has been given. */
  readonly anthropicKey: string | null;
  readonly ledger: Ledger;
  /** Gets one line for each request: agent, status, tokens, time. Never a body, never a key. */
  readonly log: GatewayLog;
  /** The secrets of this server never reach a model. */
  readonly redact: Redact;
  readonly stallMs?: number;
}

export interface GatewayLog {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

const MAX_BODY_BYTES = 32 * 1024 * 1024;
const STALL_MS = 90_000;

/** `POST /v1/messages` for the agents of this machine, who never hold the real key. */
export function createGateway(parts: GatewayParts): {
  handle(request: IncomingMessage, response: ServerResponse, from: { readonly agent: AgentName }): Promise<void>;
} {
  const limiter = createRateLimiter();
  const upstream = (): AnthropicUpstream => ({ ...destination(parts), limiter, stallMs: parts.stallMs ?? STALL_MS });
  return {
    async handle(request, response, { agent }) {
      const gone = new AbortController();
      response.once("close", () => gone.abort());
      try {
        await answer({ parts, upstream, request, response, agent, gone: gone.signal });
      } catch (error) {
        if (gone.signal.aborted) return;
        if (!(error instanceof AppError)) parts.log.warn("model request failed", { agent, reason: String(error) });
        const wire = error instanceof AppError ? error.toWire() : unexpected(error);
        sendError(response, STATUS[wire.code] ?? 500, { type: "api_error", message: wire.message, app_error: wire });
      }
    },
  };
}

interface Exchange {
  readonly parts: GatewayParts;
  readonly upstream: () => AnthropicUpstream;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly agent: AgentName;
  readonly gone: AbortSignal;
}

async function answer({ parts, upstream, request, response, agent, gone }: Exchange): Promise<void> {
  const body = Buffer.from(parts.redact((await readBody(request)).toString("utf8")), "utf8");
  const simulated = parts.config.model === "simulated";
  const plain = simulated ? parseBody(body, MessagesRequest) : null;
  const { model } = plain ?? parseBody(body, NamedModel);
  const turnId = request.headers[TURN_HEADER];
  const account = await parts.ledger.open({
    agent,
    turnId: typeof turnId === "string" ? turnId : null,
    model,
    simulated,
    signal: gone,
  });
  if (account.rest) return sendRest(response, account.rest);
  if (plain) return await simulate(plain, { response, agent, account });
  const forwarded = { agent, body, headers: request.headers };
  await forwardToAnthropic(upstream(), { request: forwarded, model, response, account, gone });
}

/** Costs nothing, and is counted all the same. */
async function simulate(
  request: MessagesRequest,
  { response, agent, account }: { response: ServerResponse; agent: AgentName; account: Account },
): Promise<void> {
  const started = performance.now();
  const { tokens, firstTokenMs } = await answerSimulated(request, response, agent);
  const ms = performance.now() - started;
  await account.record({ model: request.model, status: 200, error: null, tokens, ms, firstTokenMs });
  response.end();
}

const NamedModel = z.looseObject({ model: z.string() });

const STATUS: Partial<Record<WireError["code"], number>> = {
  "app.bad_input": 400,
  "app.not_found": 404,
  "task.cancelled": 410,
  "model.not_configured": 401,
  "model.key_refused": 401,
  "model.overloaded": 529,
  "model.unreachable": 502,
  "store.unavailable": 503,
};

function destination(parts: GatewayParts): Pick<AnthropicUpstream, "url" | "key" | "log"> {
  if (parts.anthropicKey === null) {
    throw new AppError("model.not_configured", "No Anthropic API key is stored on this server", {
      hint: "Give the key once in Settings, or use the simulated model.",
    });
  }
  return { url: parts.config.anthropicUrl, key: parts.anthropicKey, log: parts.log };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new AppError("app.bad_input", "The model request is larger than 32 MB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseBody<T>(body: Buffer, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(body.toString("utf8")));
  } catch (cause) {
    throw new AppError("app.bad_input", "The model request is not a Messages API request", { cause });
  }
}

function unexpected(error: unknown): WireError {
  return { code: "app.internal", message: error instanceof Error ? error.message : String(error) };
}

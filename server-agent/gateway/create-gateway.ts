import type { IncomingMessage, ServerResponse } from "node:http";
import type { AgentName } from "../../contract/agents.ts";
import type { DaemonConfig } from "../../contract/daemon-config.ts";
import { AppError, type WireError } from "../../contract/errors.ts";
import type { Redact } from "../platform/redact.ts";
import { forwardToAnthropic } from "./anthropic-upstream.ts";
import { sendError } from "./event-stream.ts";
import { MessagesRequest } from "./messages-request.ts";
import { answerSimulated } from "./simulated-upstream.ts";

export interface GatewayParts {
  readonly config: Pick<DaemonConfig, "model" | "anthropicUrl">;
  /** Null while no key has been given. */
  readonly anthropicKey: string | null;
  /** Gets one line for each request: agent, status, tokens, time. Never a body, never a key. */
  readonly log: GatewayLog;
  /** The secrets of this server never reach a model. */
  readonly redact: Redact;
}

export interface GatewayLog {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

const MAX_BODY_BYTES = 32 * 1024 * 1024;

/** `POST /v1/messages` for the agents of this machine, who never hold the real key. */
export function createGateway(parts: GatewayParts): {
  handle(request: IncomingMessage, response: ServerResponse, from: { readonly agent: AgentName }): Promise<void>;
} {
  return {
    async handle(request, response, { agent }) {
      try {
        const body = Buffer.from(parts.redact((await readBody(request)).toString("utf8")), "utf8");
        if (parts.config.model === "simulated") {
          await answerSimulated(parseRequest(body), response, agent);
          return;
        }
        await forwardToAnthropic({ body, headers: request.headers, response, agent, ...upstream(parts) });
      } catch (error) {
        if (!(error instanceof AppError)) parts.log.warn("model request failed", { agent, reason: String(error) });
        const wire = error instanceof AppError ? error.toWire() : unexpected(error);
        sendError(response, STATUS[wire.code] ?? 500, { type: "api_error", message: wire.message, app_error: wire });
      }
    },
  };
}

const STATUS: Partial<Record<WireError["code"], number>> = {
  "app.bad_input": 400,
  "model.not_configured": 401,
  "model.key_refused": 401,
  "model.overloaded": 529,
  "model.unreachable": 502,
};

function upstream(parts: GatewayParts): {
  readonly url: string;
  readonly key: string;
  readonly log: GatewayParts["log"];
} {
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

function parseRequest(body: Buffer): MessagesRequest {
  try {
    return MessagesRequest.parse(JSON.parse(body.toString("utf8")));
  } catch (cause) {
    throw new AppError("app.bad_input", "The model request is not a Messages API request", { cause });
  }
}

function unexpected(error: unknown): WireError {
  return { code: "app.internal", message: error instanceof Error ? error.message : String(error) };
}

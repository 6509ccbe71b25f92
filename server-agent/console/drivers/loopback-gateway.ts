import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { AnthropicError, APIConnectionError, APIError } from "@anthropic-ai/sdk/error";
import { TURN_HEADER } from "../../../contract/console-api.ts";

/** The model gateway for a program that only speaks HTTP to an address: on this machine, for one turn. */
export interface LoopbackGateway {
  readonly url: string;
  /** Whoever does not send it gets nothing. */
  readonly token: string;
  /** Resolves when no answer is under way. */
  idle(): Promise<void>;
  close(): void;
}

export interface LoopbackParts {
  readonly turnId: string;
  /** Reaches the daemon's gateway. */
  readonly fetch: typeof fetch;
  /** What went wrong with a request, in the same errors as when we ask ourselves. */
  readonly onFault: (error: unknown) => void;
}

const MAX_BODY_BYTES = 32 * 1024 * 1024;
const PASSED_ON = ["anthropic-version", "anthropic-beta", "content-type", "accept", "user-agent"] as const;

export async function openLoopbackGateway(parts: LoopbackParts): Promise<LoopbackGateway> {
  const token = randomBytes(32).toString("base64url");
  const underWay = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const answered = answer(request, response, { ...parts, token }).catch(() => void response.destroy());
    underWay.add(answered);
    void answered.then(() => underWay.delete(answered));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    async idle() {
      await Promise.all(underWay);
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

type AnswerParts = LoopbackParts & { readonly token: string };

async function answer(request: IncomingMessage, response: ServerResponse, parts: AnswerParts): Promise<void> {
  if (!isSame(request.headers.authorization ?? "", `Bearer ${parts.token}`)) {
    return refuse(response, 401, "This address is not for you");
  }
  if (request.method !== "POST" || new URL(request.url ?? "/", "http://gateway").pathname !== "/v1/messages") {
    return refuse(response, 404, "Only POST /v1/messages is answered here");
  }
  const body = await readBody(request);
  if (body === null) return refuse(response, 413, "The request is larger than 32 MB");
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  try {
    await forward({ request, response, body, gone: gone.signal }, parts);
  } catch (error) {
    if (gone.signal.aborted) return;
    parts.onFault(faultOf(error, response));
    response.destroy();
  }
}

/** Lengths and contents of the two do not show in how long it takes. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}

function refuse(response: ServerResponse, status: number, message: string): void {
  const body = JSON.stringify({ type: "error", error: { type: "invalid_request_error", message } });
  response.writeHead(status, { "content-type": "application/json" }).end(body);
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

interface Forwarding {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: string;
  /** Aborts when the program is gone. */
  readonly gone: AbortSignal;
}

async function forward(
  { request, response, body, gone }: Forwarding,
  { fetch, turnId, onFault }: LoopbackParts,
): Promise<void> {
  const headers = new Headers({ authorization: "Bearer held-by-the-gateway", [TURN_HEADER]: turnId });
  for (const name of PASSED_ON) {
    const value = request.headers[name];
    if (value !== undefined) headers.set(name, String(value));
  }
  const given = await fetch("http://gateway/v1/messages", { method: "POST", headers, body, signal: gone });
  const type = given.headers.get("content-type") ?? "application/json";
  if (!given.ok) {
    const text = await given.text();
    onFault(APIError.generate(given.status, parse(text), text, given.headers));
    response.writeHead(given.status, { "content-type": type }).end(text);
    return;
  }
  response.writeHead(given.status, { "content-type": type });
  const watch = watchForError((error) => onFault(new APIError(undefined, error, undefined, given.headers)));
  for await (const chunk of given.body ?? []) {
    watch(chunk);
    if (!response.write(chunk)) await once(response, "drain", { signal: gone });
  }
  response.end();
}

function faultOf(error: unknown, { headersSent }: ServerResponse): AnthropicError {
  if (headersSent) return new AnthropicError(error instanceof Error ? error.message : String(error));
  return new APIConnectionError({ cause: error instanceof Error ? error : new Error(String(error)) });
}

/** Finds the error event that ends a stream which has begun. */
function watchForError(onError: (error: object) => void): (chunk: Uint8Array) => void {
  const decoder = new TextDecoder();
  let tail = "";
  return (chunk) => {
    const events = (tail + decoder.decode(chunk, { stream: true })).split("\n\n");
    tail = events.pop() ?? "";
    for (const event of events) {
      const found = /^event: error\ndata:(.*)$/m.exec(event);
      if (found) onError(parse(found[1] ?? ""));
    }
  };
}

function parse(json: string): object {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

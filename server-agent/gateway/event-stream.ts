import type { ServerResponse } from "node:http";
import type { Rest } from "../../contract/tasks.ts";

/** A Messages API error body; `app_error` carries ours through the SDK to the console. */
export interface ApiError {
  readonly type: string;
  readonly message: string;
  readonly app_error?: unknown;
  /** Tells the console to let its turn rest. */
  readonly rest?: Rest;
}

export function startEventStream(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
}

/** False when the reader is slow; wait for `drain` then. */
export function writeEvent(
  response: ServerResponse,
  event: { readonly type: string; readonly [key: string]: unknown },
): boolean {
  if (response.destroyed || response.writableEnded) return true;
  return response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

/** As an error answer, or as an error event when the stream has begun. */
export function sendError(response: ServerResponse, status: number, error: ApiError): void {
  if (response.destroyed || response.writableEnded) return;
  const body = { type: "error", error };
  if (response.headersSent) writeEvent(response, body);
  else response.writeHead(status, { "content-type": "application/json" }).write(JSON.stringify(body));
  response.end();
}

/** A refusal that is not asked again: the turn rests until its rest is over. */
export function sendRest(response: ServerResponse, rest: Rest): void {
  const { reason } = rest;
  sendError(response, 402, { type: "billing_error", message: reason.message, app_error: reason, rest });
}

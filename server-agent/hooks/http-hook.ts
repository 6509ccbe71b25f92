import type { HookCall } from "./hook-input.ts";
import { failed, resultOfResponse, type HookResult } from "./hook-result.ts";
import type { HookAction } from "./hook-settings.ts";

type HttpAction = Extract<HookAction, { type: "http" }>;

export interface HttpCall extends HookCall {
  readonly timeoutMs: number;
  /** What headers may name, when the hook lists it. */
  readonly env: Readonly<Record<string, string>>;
}

const MAX_BODY_BYTES = 256 * 1024;

/** Posts the input. An answer is JSON or empty; a redirect is a failure, since the input may hold what is not for others. */
export async function callHttpHook(action: HttpAction, call: HttpCall): Promise<HookResult> {
  const headers = new Headers({ "content-type": "application/json" });
  for (const [name, value] of Object.entries(action.headers)) headers.set(name, filled(value, action, call.env));
  const timeout = AbortSignal.timeout(call.timeoutMs);
  try {
    const response = await fetch(action.url, {
      method: "POST",
      headers,
      body: call.input,
      redirect: "error",
      signal: AbortSignal.any([call.signal, timeout]),
    });
    return resultOfResponse(call.event, { status: response.status, body: await readBody(response) });
  } catch (error) {
    call.signal.throwIfAborted();
    return failed(timeout.aborted ? "it did not answer in time" : reasonOf(error));
  }
}

async function readBody(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error(`its answer is longer than ${MAX_BODY_BYTES} bytes`);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** `$NAME` and `${NAME}`, when the hook lists the name and we have it. A header with a hole is not sent. */
function filled(value: string, action: HttpAction, env: Readonly<Record<string, string>>): string {
  return value.replaceAll(/\$\{(\w+)\}|\$(\w+)/g, (_, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? "";
    const found = action.allowedEnvVars.includes(name) ? env[name] : undefined;
    if (found === undefined) throw new Error(`there is no variable ${name} for its headers`);
    return found;
  });
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return `it cannot be reached: ${cause instanceof Error ? cause.message || cause.name : String(cause)}`;
}

import { APIConnectionError, APIError, AnthropicError } from "@anthropic-ai/sdk/error";
import { AppError, WireError } from "../../contract/errors.ts";
import { Rest } from "../../contract/tasks.ts";
import { DriverStopped } from "./driver-stopped.ts";

export interface ModelFault {
  readonly error: AppError;
  /** Given when the turn should rest and be taken up again later. */
  readonly rest?: Rest;
  /** Asking again may help. */
  readonly isTransient: boolean;
}

/** What a failed model request means for people; null when the error is not about the model. */
export function modelError(error: unknown): ModelFault | null {
  if (error instanceof APIConnectionError) return transient("model.unreachable", "The model cannot be reached", error);
  if (error instanceof APIError) return refusal(error);
  if (error instanceof AnthropicError) return transient("model.stalled", "The model's answer was cut short", error);
  if (error instanceof DriverStopped) return transient("agents.driver_stopped", error.message, error);
  return null;
}

function refusal(error: APIError): ModelFault {
  const rest = Rest.safeParse(bodyOf(error)?.rest);
  if (rest.success) return { error: AppError.fromWire(rest.data.reason), isTransient: false, rest: rest.data };
  const ours = WireError.safeParse(bodyOf(error)?.app_error);
  if (ours.success) {
    return { error: AppError.fromWire(ours.data), isTransient: TRANSIENT.has(ours.data.code) };
  }
  const said = bodyOf(error)?.message ?? error.message;
  if (error.status === 401 || error.status === 403) {
    return {
      error: new AppError("model.key_refused", `The Messages API refused the key: ${said}`, {
        hint: "Give a valid Anthropic API key in Settings.",
        cause: error,
      }),
      isTransient: false,
    };
  }
  // Without a status the error came inside the stream.
  const isTransient = error.status === undefined || error.status === 429 || error.status >= 500;
  if (isTransient) return transient("model.overloaded", `The model is overloaded: ${said}`, error);
  return {
    error: new AppError("task.failed", `The Messages API refused the request: ${said}`, { cause: error }),
    isTransient,
  };
}

const TRANSIENT: ReadonlySet<string> = new Set([
  "model.overloaded",
  "model.stalled",
  "model.unreachable",
  "store.unavailable",
]);

interface ErrorBody {
  readonly error?: { readonly message?: string; readonly app_error?: unknown; readonly rest?: unknown };
}

function bodyOf(error: APIError): ErrorBody["error"] {
  const body: unknown = error.error;
  return (body as ErrorBody | undefined)?.error;
}

function transient(code: WireError["code"], message: string, cause: unknown): ModelFault {
  return { error: new AppError(code, message, { cause }), isTransient: true };
}

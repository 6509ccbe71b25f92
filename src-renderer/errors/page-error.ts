import { toWireError, type WireError } from "../../contract/errors.ts";

/** Anything a call may throw, as an error for people. A closed channel and a deadline have words of their own. */
export function pageError(error: unknown): WireError {
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return { code: "app.timed_out", message: "No answer came in time.", hint: "Try again in a moment." };
  }
  const wire = toWireError(error);
  if (wire.code === "app.internal" && isClosedChannel(error)) {
    return { code: "connection.lost", message: "The connection closed before the answer came." };
  }
  return wire;
}

function isClosedChannel(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === "AbortError" || /closed|not open|aborted/i.test(error.message);
}

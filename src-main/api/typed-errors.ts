import { mapEventIterator, ORPCError } from "@orpc/client";
import { AppError, toWireError, type WireError } from "../../contract/errors.ts";

interface CallOptions {
  readonly path: readonly string[];
  next(this: void): Promise<unknown>;
}

/** Around every call: whatever it throws, also in the middle of a stream, leaves as the typed error of the contract. */
export function typedErrors(log: (message: string) => void) {
  return async ({ path, next }: CallOptions): Promise<unknown> => {
    const typed = (error: unknown) => typedError(error, () => log(`${path.join(".")}: ${stackOf(error)}`));
    try {
      const output = await next();
      if (!isStream(output)) return output;
      return mapEventIterator(output, { value: async (value) => value, error: async (error) => typed(error) });
    } catch (error) {
      throw typed(error);
    }
  };
}

function typedError(error: unknown, logUnknown: () => void): ORPCError<string, WireError> {
  const wire = error instanceof ORPCError && error.code === "BAD_REQUEST" ? badInput(error) : toWireError(error);
  if (wire.code === "app.internal" && !(error instanceof AppError)) logUnknown();
  return new ORPCError("APP_ERROR", { defined: true, status: 500, message: wire.message, data: wire });
}

/** Names the fields, never their values: one of them may be a secret. */
function badInput(error: ORPCError<string, unknown>): WireError {
  const { issues } = (error.data ?? {}) as { issues?: { path?: PropertyKey[]; message: string }[] };
  const faults = (issues ?? []).map((issue) => `${(issue.path ?? []).join(".")}: ${issue.message}`);
  return { code: "app.bad_input", message: faults.join("; ") || error.message };
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function isStream(output: unknown): output is AsyncGenerator<unknown, unknown, void> {
  return typeof output === "object" && output !== null && Symbol.asyncIterator in output;
}

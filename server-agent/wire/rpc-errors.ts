import { mapEventIterator, ORPCError } from "@orpc/client";
import { AppError, toWireError, type WireError } from "../../contract/errors.ts";
import type { Log } from "../platform/log.ts";

interface Call {
  readonly path: readonly string[];
  readonly next: () => Promise<unknown>;
}

/** Whatever a handler or its stream throws leaves as `APP_ERROR` with a `WireError`; surprises are logged with their stack. */
export function carryErrors(log: Log) {
  return async ({ next, path }: Call): Promise<unknown> => {
    try {
      const output = await next();
      if (!isIterator(output)) return output;
      return mapEventIterator(output, {
        value: async (value) => value,
        error: async (error) => carried(error, path.join("."), log),
      });
    } catch (error) {
      throw carried(error, path.join("."), log);
    }
  };
}

function carried(error: unknown, procedure: string, log: Log): ORPCError<"APP_ERROR", WireError> {
  const data = wire(error);
  if (data.code === "app.internal") log.error("a request failed", { procedure, error });
  return new ORPCError("APP_ERROR", { status: 500, message: data.message, data });
}

function wire(error: unknown): WireError {
  if (error instanceof ORPCError && error.code === "BAD_REQUEST") {
    const details = JSON.stringify((error.data as { issues?: unknown } | undefined)?.issues ?? null);
    return new AppError("app.bad_input", "The request is not understood", {
      hint: "The app and this server may be of different versions: update both.",
      details: details.slice(0, 2_000),
    }).toWire();
  }
  return toWireError(error);
}

function isIterator(output: unknown): output is AsyncIterator<unknown> {
  return typeof output === "object" && output !== null && Symbol.asyncIterator in output && "next" in output;
}

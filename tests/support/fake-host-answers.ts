import { ORPCError } from "@orpc/server";
import type { ErrorCode } from "../../contract/errors.ts";

export function refuse(code: ErrorCode, message: string): ORPCError<"APP_ERROR", { code: ErrorCode; message: string }> {
  return new ORPCError("APP_ERROR", { defined: true, data: { code, message } });
}

/** For an answer that does not come. */
export function never(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) =>
    signal?.addEventListener("abort", () => reject(new Error("Nobody waits any more"))),
  );
}

import { AppError, toWireError } from "../../contract/errors.ts";
import type { DaemonClient } from "../tunnel/daemon-client.ts";
import { connectDaemon } from "../tunnel/daemon-client.ts";
import { connect } from "./connect.ts";
import type { Context } from "./context.ts";

const ANSWER_WITHIN_MS = 30_000;

/** Connects to the chosen server and lets `work` speak with its daemon. */
export async function withDaemon<T>(
  context: Context,
  serverId: string,
  work: (api: DaemonClient["api"]) => Promise<T>,
): Promise<T> {
  await connect(context, serverId);
  const daemon = await connectDaemon(context.host.servers, serverId, context.signal);
  try {
    return await work(daemon.api);
  } catch (error) {
    throw asAppError(error);
  } finally {
    daemon.close();
  }
}

/** A deadline for calls that answer at once. */
export function soon(signal: AbortSignal): { signal: AbortSignal } {
  return { signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]) };
}

export function asAppError(error: unknown): AppError {
  return error instanceof AppError ? error : AppError.fromWire(toWireError(error));
}

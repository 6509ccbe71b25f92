import { setTimeout as wait } from "node:timers/promises";
import { AppError } from "../contract/errors.ts";
import type { Shell } from "./shell.ts";

export interface Reachable {
  /** Waits until the server is reachable. */
  readonly connect: (signal: AbortSignal) => Promise<Shell>;
  readonly signal: AbortSignal;
}

const PAUSE_AFTER_CUT_MS = 250;

/** Does the work again, over a new connection, each time the connection breaks. The work must bear being repeated. */
export async function survivingCuts<T>(
  { connect, signal }: Reachable,
  work: (shell: Shell) => Promise<T>,
  onCut: () => void = () => undefined,
): Promise<T> {
  for (;;) {
    try {
      return await work(await connect(signal));
    } catch (error) {
      if (signal.aborted) throw new AppError("app.cancelled", "Provisioning was cancelled", { cause: error });
      if (!(error instanceof AppError) || error.code !== "connection.lost") throw error;
      onCut();
      await wait(PAUSE_AFTER_CUT_MS);
    }
  }
}

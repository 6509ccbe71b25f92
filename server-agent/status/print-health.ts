import type { DaemonConfig } from "../../contract/daemon-config.ts";
import { connectApi } from "../platform/connect-api.ts";

const ANSWER_MS = 8_000;

/** Prints the status of the running daemon as one line of JSON; the exit code is 0 when all is well. */
export async function printHealth(config: DaemonConfig): Promise<number> {
  const connection = await connectApi(config, "health check");
  try {
    const status = await connection.client.status.get(undefined, { signal: AbortSignal.timeout(ANSWER_MS) });
    process.stdout.write(`${JSON.stringify(status)}\n`);
    return status.healthy ? 0 : 1;
  } finally {
    connection.close();
  }
}

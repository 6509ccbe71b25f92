import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/websocket";
import type { ContractRouterClient } from "@orpc/contract";
import path from "node:path";
import { WebSocket } from "ws";
import type { DaemonApi } from "../../contract/daemon-api.ts";
import { API_SOCKET, type DaemonConfig } from "../../contract/daemon-config.ts";
import { AppError } from "../../contract/errors.ts";

const ANSWER_MS = 8_000;

/** Prints the status of the running daemon as one line of JSON; the exit code is 0 when all is well. */
export async function printHealth({ runDir }: DaemonConfig): Promise<number> {
  const socketPath = path.join(runDir, API_SOCKET);
  const socket = new WebSocket(`ws+unix://${socketPath}:/`, {
    perMessageDeflate: false,
    handshakeTimeout: ANSWER_MS,
    headers: { "user-agent": "ai-infrastructure health check" },
  });
  try {
    await opened(socket, socketPath);
    const link = new RPCLink({ websocket: socket });
    const client: ContractRouterClient<typeof DaemonApi> = createORPCClient(link);
    const status = await client.status.get(undefined, { signal: AbortSignal.timeout(ANSWER_MS) });
    process.stdout.write(`${JSON.stringify(status)}\n`);
    return status.healthy ? 0 : 1;
  } finally {
    socket.terminate();
  }
}

async function opened(socket: WebSocket, socketPath: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", (cause) =>
      reject(
        new AppError("daemon.unreachable", `No daemon answers on ${socketPath}`, {
          hint: "Look at: journalctl -u ai-infrastructure",
          cause,
        }),
      ),
    );
  });
}

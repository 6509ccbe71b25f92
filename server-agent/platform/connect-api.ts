import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/websocket";
import type { ContractRouterClient } from "@orpc/contract";
import path from "node:path";
import { WebSocket } from "ws";
import type { DaemonApi } from "../../contract/daemon-api.ts";
import { API_SOCKET, type DaemonConfig } from "../../contract/daemon-config.ts";
import { AppError } from "../../contract/errors.ts";

export interface ApiConnection {
  readonly client: ContractRouterClient<typeof DaemonApi>;
  close(): void;
}

const OPEN_MS = 8_000;

/** The daemon's API for programs of the daemon's own user. `name` stands in the audit trail. */
export async function connectApi({ runDir }: Pick<DaemonConfig, "runDir">, name: string): Promise<ApiConnection> {
  const socketPath = path.join(runDir, API_SOCKET);
  const socket = new WebSocket(`ws+unix://${socketPath}:/`, {
    perMessageDeflate: false,
    handshakeTimeout: OPEN_MS,
    headers: { "user-agent": `ai-infrastructure ${name}` },
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.on("error", (cause) =>
      reject(
        new AppError("daemon.unreachable", `No daemon answers on ${socketPath}`, {
          hint: "Look at: journalctl -u ai-infrastructure",
          cause,
        }),
      ),
    );
  });
  return { client: createORPCClient(new RPCLink({ websocket: socket })), close: () => socket.terminate() };
}

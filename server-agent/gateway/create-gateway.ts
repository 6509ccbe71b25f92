import type { IncomingMessage, ServerResponse } from "node:http";
import type { DaemonConfig } from "../../contract/daemon-config.ts";

export interface GatewayParts {
  readonly config: Pick<DaemonConfig, "model" | "anthropicUrl">;
  readonly anthropicKey: string | null;
  readonly log: { info(message: string): void; warn(message: string): void };
}

/** Answers every model request with 501 until the gateway is here. */
export function createGateway(_parts: GatewayParts) {
  return {
    async handle(_request: IncomingMessage, response: ServerResponse): Promise<void> {
      response.writeHead(501).end();
    },
  };
}

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Anthropic from "@anthropic-ai/sdk";
import { createGateway, type GatewayParts } from "../../../server-agent/gateway/create-gateway.ts";
import { createRedact } from "../../../server-agent/platform/redact.ts";
import type { AgentName } from "../../../contract/agents.ts";

export interface GatewayServer {
  readonly client: Anthropic;
  readonly logged: string[];
  close(): void;
}

/** A gateway on a port of its own, and the real SDK pointed at it. */
export async function startGateway(
  parts: Omit<GatewayParts, "log" | "redact">,
  agent: AgentName,
): Promise<GatewayServer> {
  const logged: string[] = [];
  const note = (message: string, fields?: object): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const gateway = createGateway({
    ...parts,
    redact: createRedact(parts.anthropicKey === null ? [] : [parts.anthropicKey]),
    log: { info: note, warn: note },
  });
  const server = createServer((request, response) => void gateway.handle(request, response, { agent }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const client = new Anthropic({ apiKey: "agent-token", baseURL: `http://127.0.0.1:${port}`, maxRetries: 0 });
  return {
    client,
    logged,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

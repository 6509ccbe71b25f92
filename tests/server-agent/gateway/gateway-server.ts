import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Anthropic from "@anthropic-ai/sdk";
import type { AgentName } from "../../../contract/agents.ts";
import type { Rest } from "../../../contract/tasks.ts";
import { createGateway, type GatewayParts } from "../../../server-agent/gateway/create-gateway.ts";
import { createRedact } from "../../../server-agent/platform/redact.ts";
import type { Ledger, ModelRequest, ModelUse } from "../../../server-agent/gateway/ledger.ts";

export interface GatewayServer {
  readonly client: Anthropic;
  readonly logged: string[];
  readonly ledger: RecordingLedger;
  /** The SDK of another agent on the same gateway. */
  clientOf(agent: AgentName): Anthropic;
  close(): void;
}

export interface RecordingLedger extends Ledger {
  readonly opened: readonly ModelRequest[];
  readonly uses: readonly ModelUse[];
}

/** Books in memory. `rest` decides which requests have to wait. */
export function recordingLedger(rest: (request: ModelRequest) => Rest | null = () => null): RecordingLedger {
  const opened: ModelRequest[] = [];
  const uses: ModelUse[] = [];
  return {
    opened,
    uses,
    async open(request) {
      opened.push(request);
      const record = async (use: ModelUse): Promise<void> => void uses.push(use);
      return { rest: rest(request), record };
    },
  };
}

type Settings = Omit<GatewayParts, "log" | "redact" | "ledger"> & { readonly ledger?: RecordingLedger };

/** A gateway on a port of its own, and the real SDK pointed at it. */
export async function startGateway(parts: Settings, agent: AgentName): Promise<GatewayServer> {
  const logged: string[] = [];
  const note = (message: string, fields?: object): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const ledger = parts.ledger ?? recordingLedger();
  const redact = createRedact(parts.anthropicKey === null ? [] : [parts.anthropicKey]);
  const gateway = createGateway({ ...parts, ledger, redact, log: { info: note, warn: note } });
  const server = createServer((request, response) => {
    const from = (request.headers["x-test-agent"] ?? agent) as AgentName;
    void gateway.handle(request, response, { agent: from });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const clientOf = (of: AgentName): Anthropic =>
    new Anthropic({
      apiKey: "agent-token",
      baseURL: `http://127.0.0.1:${port}`,
      maxRetries: 0,
      defaultHeaders: { "x-ai-infra-turn": "turn-1", "x-test-agent": of },
    });
  return {
    client: clientOf(agent),
    clientOf,
    logged,
    ledger,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

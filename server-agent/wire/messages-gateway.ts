import type { IncomingMessage, ServerResponse } from "node:http";
import type { AgentName } from "../../contract/agents.ts";

/** Answers `POST /v1/messages` of an agent's console. */
export interface MessagesGateway {
  handle(request: IncomingMessage, response: ServerResponse, from: { readonly agent: AgentName }): Promise<void>;
}

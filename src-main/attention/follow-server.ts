import type { AgentStatus } from "../../contract/agents.ts";
import type { Approval } from "../../contract/approvals.ts";
import type { DaemonEvent } from "../../contract/events.ts";
import type { DaemonClient } from "../tunnel/daemon-client.ts";

export interface ServerNews {
  approval(approval: Approval): void;
  agent(agent: AgentStatus): void;
  /** What waits at the moment: anything else has been answered. */
  present(open: readonly Approval[], agents: readonly AgentStatus[]): void;
}

const ANSWER_MS = 15_000;

/** Tells what waits for a person on a server, first as it is and then as it changes, until the connection ends. */
export async function followServer(api: DaemonClient["api"], news: ServerNews, signal: AbortSignal): Promise<void> {
  const within = { signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]) };
  // First where the events stand, then what is open: what comes in between is told twice and not missed.
  const { seq } = await api.chat.history({ limit: 1 }, within);
  const [open, status] = await Promise.all([
    api.approvals.list({ state: "open" }, within),
    api.status.get(undefined, within),
  ]);
  news.present(open, status.agents);
  for await (const event of await api.events.follow({ after: seq }, { signal })) take(news, event);
}

function take(news: ServerNews, event: DaemonEvent): void {
  if (event.type === "approval_changed") news.approval(event.approval);
  if (event.type === "agent_changed") news.agent(event.agent);
}

import type { AgentStatus } from "../../contract/agents.ts";
import type { Approval } from "../../contract/approvals.ts";
import type { Attention } from "../../contract/attention.ts";
import type { ServerNews } from "./follow-server.ts";
import type { Notifier } from "./notifier.ts";

export interface NoticeParts {
  readonly serverId: string;
  readonly nameOf: () => string;
  readonly notifier: Notifier;
  /** Whether it stands on the page. */
  readonly isSeen: (id: string) => boolean;
  readonly onOpen: (attention: Attention) => void;
}

const LONGEST_BODY = 240;

/** The notifications about one server: one for each thing that waits, taken back when it waits no longer. */
export function serverNotices(parts: NoticeParts): ServerNews & { withdrawAll(): void } {
  const { serverId, notifier } = parts;
  const shown = new Map<string, () => void>();
  /** Null until the first look: what waited before the app was opened is on the page that the person opens. */
  let known: Set<string> | null = null;
  const wants = (waiting: Waiting): void => {
    const isNews = known !== null && !known.has(waiting.id);
    known?.add(waiting.id);
    if (!isNews || (notifier.isLookedAt() && parts.isSeen(waiting.id))) return;
    const { kind, id, agent, body } = waiting;
    const onOpen = (): void => parts.onOpen({ serverId, kind, id, agent });
    shown.set(id, notifier.show({ title: titleOf(waiting, parts.nameOf()), body: oneText(body), onOpen }));
  };
  const settled = (id: string): void => {
    known?.delete(id);
    shown.get(id)?.();
    shown.delete(id);
  };
  const takeAgent = (agent: AgentStatus): void => {
    const waiting = waitingAgent(agent);
    if (waiting) wants(waiting);
    else settled(agent.name);
  };
  return {
    approval: (asked) => (asked.state === "open" ? wants(waitingApproval(asked)) : settled(asked.id)),
    agent: takeAgent,
    present(open, agents) {
      const waiting = [...open.map(waitingApproval), ...agents.flatMap((agent) => waitingAgent(agent) ?? [])];
      const ids = new Set(waiting.map(({ id }) => id));
      for (const id of shown.keys()) if (!ids.has(id)) settled(id);
      waiting.forEach(wants);
      known = ids;
    },
    withdrawAll() {
      for (const id of shown.keys()) settled(id);
    },
  };
}

interface Waiting extends Pick<Attention, "kind" | "id" | "agent"> {
  readonly body: string;
  readonly isLoop: boolean;
}

function waitingApproval({ id, agent, action, repeats }: Approval): Waiting {
  return { kind: "approval", id, agent, body: action, isLoop: repeats !== undefined };
}

function waitingAgent({ name, hold }: AgentStatus): Waiting | null {
  return hold && !hold.kept ? { kind: "hold", id: name, agent: name, body: hold.reason, isLoop: false } : null;
}

function titleOf({ kind, agent, isLoop }: Waiting, server: string): string {
  if (kind === "hold") return `${agent} on ${server} was stopped`;
  return isLoop ? `${agent} on ${server} gets no further` : `${agent} on ${server} asks for your yes`;
}

function oneText(text: string): string {
  return text.length > LONGEST_BODY ? `${text.slice(0, LONGEST_BODY - 1)}…` : text;
}

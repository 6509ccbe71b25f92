import type { AgentDefinition } from "../../contract/agent-settings.ts";
import type { AgentName, AgentStatus } from "../../contract/agents.ts";
import type { AlgorithmRun } from "../../contract/algorithm.ts";
import type { Attention } from "../../contract/attention.ts";
import type { AuditCheckEvent } from "../../contract/audit-check.ts";
import type { AuditHead, AuditRecord } from "../../contract/audit.ts";
import type { Approval } from "../../contract/approvals.ts";
import type { Message } from "../../contract/chat.ts";
import type { WireError } from "../../contract/errors.ts";
import type { DaemonEvent } from "../../contract/events.ts";
import type { ServerOverview } from "../../contract/server-overview.ts";
import type { Plan, RunEvent, Wishes } from "../../contract/provision.ts";
import type { Connection, ServerView, SshConfigHost } from "../../contract/servers.ts";
import type { Snapshot } from "../../contract/snapshots.ts";
import type { Budget, BudgetName, SpendSummary } from "../../contract/spend.ts";
import type { DaemonStatus } from "../../contract/status.ts";
import type { Task, ToolCall } from "../../contract/tasks.ts";
import type { Grant } from "../../contract/permissions.ts";
import type { SentMessage } from "../../contract/team-messages.ts";
import { createFeed } from "./fake-host-feed.ts";

/** Where a scenario starts. */
export interface Scene {
  readonly servers?: readonly ServerView[];
  readonly configHosts?: readonly SshConfigHost[];
  readonly keyFiles?: readonly string[];
  readonly messages?: readonly Message[];
  readonly tasks?: readonly Task[];
  readonly calls?: readonly ToolCall[];
  readonly approvals?: readonly Approval[];
  readonly runs?: readonly AlgorithmRun[];
  readonly audit?: readonly AuditRecord[];
  readonly grants?: readonly Grant[];
  readonly snapshots?: readonly Snapshot[];
  readonly teamMessages?: readonly SentMessage[];
  readonly status?: DaemonStatus;
  readonly spend?: SpendSummary;
  readonly plan?: Plan;
  readonly planError?: WireError;
  /** Unless given, a server that has a little of everything. */
  readonly overview?: ServerOverview;
  /** How the server is never comes, or is refused. */
  readonly overviewSilent?: boolean;
  readonly overviewError?: WireError;
  /** The daemon does not answer. */
  readonly daemonAway?: boolean;
  /** Answers of the daemon never come. */
  readonly daemonSilent?: boolean;
  /** Definitions of agents never come, or are refused. */
  readonly definitionsSilent?: boolean;
  readonly definitionsError?: WireError;
}

const NOTHING_SPENT: SpendSummary = {
  today: "2026-11-23",
  todayUsd: 0,
  days: [],
  tasks: [],
  budgets: [],
  prices: "List prices",
};

type Stored<E> = E extends { seq: number } ? Omit<E, "seq"> : never;

/** The world behind the fake host, which a test moves on. */
export function createWorld(scene: Scene) {
  const state = {
    servers: [...(scene.servers ?? [])],
    messages: [...(scene.messages ?? [])],
    tasks: new Map((scene.tasks ?? []).map((task) => [task.id, task])),
    calls: new Map((scene.calls ?? []).map((call) => [call.id, call])),
    approvals: new Map((scene.approvals ?? []).map((approval) => [approval.id, approval])),
    runs: new Map((scene.runs ?? []).map((run) => [run.taskId, run])),
    audit: [...(scene.audit ?? [])],
    grants: [...(scene.grants ?? [])],
    snapshots: [...(scene.snapshots ?? [])],
    agents: [...(scene.status?.agents ?? [])],
    spend: scene.spend ?? NOTHING_SPENT,
    definitions: new Map<AgentName, AgentDefinition>(),
    /** By server: what stands on the page and waits for the person. */
    seen: new Map<string, readonly string[]>(),
    daemonAway: scene.daemonAway ?? false,
    sent: [] as { id: string; text: string; agent?: string | undefined; mode?: string }[],
    wished: null as Wishes | null,
    run: [] as RunEvent[],
    stored: [] as DaemonEvent[],
    seq: 10,
  };
  const serverFeed = createFeed<ServerView[]>();
  const eventFeed = createFeed<DaemonEvent>();
  const runFeed = createFeed<RunEvent>();
  const headFeed = createFeed<AuditHead>();
  const openedFeed = createFeed<Attention>();
  const checkFeed = createFeed<AuditCheckEvent>();

  function store(event: Stored<DaemonEvent>): void {
    state.seq += 1;
    const stored = { ...event, seq: state.seq } as DaemonEvent;
    state.stored.push(stored);
    if (stored.type === "message_added") state.messages.push(stored.message);
    if (stored.type === "task_changed") state.tasks.set(stored.task.id, stored.task);
    if (stored.type === "tool_changed") state.calls.set(stored.call.id, stored.call);
    if (stored.type === "approval_changed") state.approvals.set(stored.approval.id, stored.approval);
    if (stored.type === "algorithm_changed") state.runs.set(stored.run.taskId, stored.run);
    eventFeed.publish(stored);
  }

  return {
    scene,
    state,
    serverFeed,
    eventFeed,
    runFeed,
    headFeed,
    checkFeed,
    openedFeed,
    store,
    /** Records that the team adds to its trail. */
    audit(records: readonly AuditRecord[]): void {
      state.audit.push(...records);
      const last = state.audit.at(-1);
      if (last) headFeed.publish({ seq: last.seq, hash: last.hash });
    },
    live: (event: DaemonEvent) => eventFeed.publish(event),
    setAgent(agent: AgentStatus): void {
      state.agents = state.agents.map((other) => (other.name === agent.name ? agent : other));
      eventFeed.publish({ type: "agent_changed", agent });
    },
    setBudget({ name, usd }: { readonly name: BudgetName; readonly usd: number | null }): Budget[] {
      const others = state.spend.budgets.filter((budget) => budget.name !== name);
      const budgets = usd === null ? others : [...others, { name, usd, spent: name === "task" ? null : 0 }];
      state.spend = { ...state.spend, budgets };
      return budgets;
    },
    setServers(servers: readonly ServerView[]): void {
      state.servers = [...servers];
      serverFeed.publish(state.servers);
    },
    connect(connection: Connection): void {
      state.servers = state.servers.map((view) => ({ ...view, connection }));
      serverFeed.publish(state.servers);
    },
    runEvent(event: Stored<RunEvent>): void {
      const numbered = { ...event, seq: state.run.length + 1 };
      state.run.push(numbered);
      runFeed.publish(numbered);
    },
  };
}

export type World = ReturnType<typeof createWorld>;

import type { AgentName } from "../../contract/agents.ts";
import type { Approval } from "../../contract/approvals.ts";
import type { AgentUse } from "../../contract/health.ts";
import type { Snapshot } from "../../contract/snapshots.ts";
import type { Budget, BudgetName, SpendSummary } from "../../contract/spend.ts";
import type { Task } from "../../contract/tasks.ts";
import { daemonClient } from "../api/clients.ts";
import { deadline } from "../api/retry.ts";
import { foldOlder } from "./fold.ts";
import { fromSummary } from "./spend.ts";
import { readTeam, updateTeam } from "./store.ts";

const CALL_MS = 15_000;
const RESTORE_MS = 30 * 60_000;
const PAGE_MESSAGES = 200;

export interface Answer {
  readonly allow: boolean;
  /** Also from now on, for so long. */
  readonly forMinutes?: number;
}

export async function answerApproval(serverId: string, asked: Approval, given: Answer): Promise<void> {
  const answer = { id: asked.id, hash: asked.hash, ...given };
  const approval = await daemonClient(serverId).approvals.answer(answer, { signal: deadline(CALL_MS) });
  updateTeam(serverId, (team) => ({ ...team, approvals: { ...team.approvals, [approval.id]: approval } }));
}

/** Lets an agent work again that was stopped after crashes. */
export async function startAgent(serverId: string, name: AgentName): Promise<void> {
  await daemonClient(serverId).health.start({ name }, { signal: deadline(CALL_MS) });
}

export async function keepAgentStopped(serverId: string, name: AgentName): Promise<void> {
  await daemonClient(serverId).health.keepStopped({ name }, { signal: deadline(CALL_MS) });
}

export async function readUsage(serverId: string, signal: AbortSignal): Promise<AgentUse[]> {
  return await daemonClient(serverId).health.usage(undefined, { signal: deadline(CALL_MS, signal) });
}

export async function cancelTask(serverId: string, id: string): Promise<void> {
  keepTask(serverId, await daemonClient(serverId).tasks.cancel({ id }, { signal: deadline(CALL_MS) }));
}

function keepTask(serverId: string, task: Task): void {
  updateTeam(serverId, (team) => ({ ...team, tasks: { ...team.tasks, [task.id]: task } }));
}

export async function pauseTask(serverId: string, id: string): Promise<void> {
  keepTask(serverId, await daemonClient(serverId).tasks.pause({ id }, { signal: deadline(CALL_MS) }));
}

export async function resumeTask(serverId: string, id: string): Promise<void> {
  keepTask(serverId, await daemonClient(serverId).tasks.resume({ id }, { signal: deadline(CALL_MS) }));
}

/** Tells the agent something while it works; after its end it becomes a new task. */
export async function steerTask(serverId: string, taskId: string, text: string): Promise<void> {
  await daemonClient(serverId).tasks.steer({ id: crypto.randomUUID(), taskId, text }, { signal: deadline(CALL_MS) });
}

/** What was spent in the last days, also for what the rest of the page shows of it. */
export async function loadSpend(serverId: string, days: number): Promise<SpendSummary> {
  const summary = await daemonClient(serverId).spend.summary({ days }, { signal: deadline(CALL_MS) });
  updateTeam(serverId, (team) => ({ ...team, spend: fromSummary(team.spend, summary) }));
  return summary;
}

export async function setBudget(serverId: string, name: BudgetName, usd: number | null): Promise<Budget[]> {
  return await daemonClient(serverId).spend.budgets.set({ name, usd }, { signal: deadline(CALL_MS) });
}

export async function loadSnapshots(serverId: string): Promise<void> {
  const snapshots = await daemonClient(serverId).snapshots.list({}, { signal: deadline(CALL_MS) });
  updateTeam(serverId, (team) => ({ ...team, snapshots: { ...team.snapshots, ...record(snapshots) } }));
}

/** Puts a snapshot back; large ones take their time. */
export async function restoreSnapshot(serverId: string, id: string): Promise<Snapshot> {
  const snapshot = await daemonClient(serverId).snapshots.restore({ id }, { signal: deadline(RESTORE_MS) });
  await loadSnapshots(serverId);
  return snapshot;
}

/** Lets everything that rests try again now. */
export async function retryResting(serverId: string): Promise<void> {
  await daemonClient(serverId).spend.retry(undefined, { signal: deadline(CALL_MS) });
}

/** Loads a page of older messages, unless one is on its way or there is none. */
export async function loadOlder(serverId: string): Promise<void> {
  const { hasMore, loadingOlder, messages } = readTeam(serverId);
  const before = messages[0]?.id;
  if (!hasMore || loadingOlder || !before) return;
  updateTeam(serverId, (team) => ({ ...team, loadingOlder: true }));
  try {
    const request = { limit: PAGE_MESSAGES, before };
    const history = await daemonClient(serverId).chat.history(request, { signal: deadline(CALL_MS) });
    updateTeam(serverId, (team) => foldOlder(team, history));
  } catch {
    updateTeam(serverId, (team) => ({ ...team, loadingOlder: false }));
  }
}

/** Brings a task with its children and calls into the team's copy. */
export async function loadTask(serverId: string, id: string): Promise<void> {
  const daemon = daemonClient(serverId);
  const [shown, messages] = await Promise.all([
    daemon.tasks.show({ id }, { signal: deadline(CALL_MS) }),
    daemon.teamMessages.list({ taskId: id }, { signal: deadline(CALL_MS) }),
  ]);
  updateTeam(serverId, (team) => ({
    ...team,
    tasks: { ...team.tasks, ...record([shown.task, ...shown.children]) },
    calls: { ...record(shown.calls), ...team.calls },
    runs: shown.run ? { [id]: shown.run, ...team.runs } : team.runs,
    teamMessages: { ...team.teamMessages, ...record(messages) },
  }));
}

function record<T extends Pick<Task, "id">>(list: readonly T[]): Record<string, T> {
  return Object.fromEntries(list.map((item) => [item.id, item]));
}

import { implement } from "@orpc/server";
import { AgentName } from "../contract/agents.ts";
import { DaemonApi } from "../contract/daemon-api.ts";
import type { Budget } from "../contract/spend.ts";
import type { DaemonStatus } from "../contract/status.ts";
import { agentsHandlers, type DefinitionsApi } from "./agent-settings/answer-api.ts";
import { answerApproval, listApprovals } from "./approvals/approvals.ts";
import { grantOnce, listGrants, revokeGrant } from "./approvals/grants.ts";
import { listAudit, readAudit, readHead, readHeadAt } from "./audit/read-audit.ts";
import type { HeadWatch } from "./audit/watch-heads.ts";
import { type HealthApi, healthHandlers } from "./health/answer-api.ts";
import { readHistory } from "./chat/read-history.ts";
import { sendMessage } from "./chat/send-message.ts";
import { follow, type FollowParts } from "./events/follow.ts";
import type { SnapshotsApi } from "./snapshots/open-snapshots.ts";
import { followBudget, getBudgets, retryResting, setBudget, type WantedBudget } from "./spend/budgets.ts";
import { type Redact, redactValue } from "./platform/redact.ts";
import { readSpend } from "./spend/read-spend.ts";
import { cancelTask, type CancelParts } from "./tasks/cancel-task.ts";
import { listTasks, listTeamMessages, showTask } from "./tasks/read-tasks.ts";
import { pauseTask, prioritizeTask, resumeTask, steerTask, type SteerParts } from "./tasks/steer-task.ts";
import type { SendParts } from "./chat/send-message.ts";

export interface DaemonRouterParts extends FollowParts, SendParts, CancelParts, Pick<SteerParts, "tellConsole"> {
  readonly readStatus: () => Promise<DaemonStatus>;
  readonly heads: HeadWatch;
  readonly definitions: DefinitionsApi;
  readonly snapshots: SnapshotsApi;
  readonly redact: Redact;
  readonly health: HealthApi;
}

/** `app`: how the app at the other end calls itself. */
const os = implement(DaemonApi).$context<{ readonly app: string }>();

/** Answers people's apps. */
export function daemonRouter(parts: DaemonRouterParts) {
  const { store } = parts;
  /** People may paste a secret of this server, too. */
  const clean = <Input>(input: Input): Input => redactValue(parts.redact, input);
  return os.router({
    agents: agentsHandlers(parts.definitions),
    chat: {
      send: os.chat.send.handler(async ({ input }) => await sendMessage(parts, { ...clean(input), from: "person" })),
      history: os.chat.history.handler(async ({ input }) => await readHistory(store, input)),
    },
    events: {
      follow: os.events.follow.handler(({ input, signal }) => follow(parts, { ...input, signal })),
    },
    tasks: tasksRouter(parts),
    teamMessages: {
      list: os.teamMessages.list.handler(async ({ input }) => await listTeamMessages(store, input.taskId)),
    },
    approvals: {
      list: os.approvals.list.handler(async ({ input }) => await listApprovals(store, input.state)),
      answer: os.approvals.answer.handler(async ({ input }) => await answerApproval(store, input)),
    },
    grants: {
      list: os.grants.list.handler(async () => await listGrants(store)),
      give: os.grants.give.handler(async ({ input }) => await grantOnce(store, input)),
      revoke: os.grants.revoke.handler(async ({ input }) => await revokeGrant(store, input.id)),
    },
    audit: {
      head: os.audit.head.handler(async () => await readHead(store)),
      heads: os.audit.heads.handler(({ signal }) => parts.heads.follow(signal)),
      at: os.audit.at.handler(async ({ input }) => await readHeadAt(store, input.seq)),
      list: os.audit.list.handler(async ({ input }) => await listAudit(store, input)),
      read: os.audit.read.handler(({ input, signal }) => readAudit(store, input.after, signal)),
    },
    health: healthHandlers(parts.health),
    snapshots: {
      list: os.snapshots.list.handler(async ({ input }) => await parts.snapshots.list(input.limit)),
      show: os.snapshots.show.handler(async ({ input }) => await parts.snapshots.show(input.id)),
      restore: os.snapshots.restore.handler(async ({ input, context, signal }) => {
        return await parts.snapshots.restore({ ...input, by: context.app, signal });
      }),
    },
    spend: spendRouter(parts),
    status: {
      get: os.status.get.handler(async () => await parts.readStatus()),
    },
  });
}

function tasksRouter(parts: DaemonRouterParts) {
  const { tasks } = os;
  const { store } = parts;
  const steering: SteerParts = { ...parts, sendMessage: async (message) => await sendMessage(parts, message) };
  return tasks.router({
    list: tasks.list.handler(async ({ input }) => await listTasks(store, input.limit)),
    show: tasks.show.handler(async ({ input }) => await showTask(store, input.id)),
    cancel: tasks.cancel.handler(async ({ input }) => await cancelTask(parts, input.id)),
    pause: tasks.pause.handler(async ({ input }) => await pauseTask(steering, input.id)),
    resume: tasks.resume.handler(async ({ input }) => await resumeTask(steering, input.id)),
    prioritize: tasks.prioritize.handler(async ({ input: { id, priority } }) => {
      return await prioritizeTask(steering, id, priority);
    }),
    steer: tasks.steer.handler(async ({ input }) => await steerTask(steering, redactValue(parts.redact, input))),
  });
}

/** Budgets of agents are part of their definitions; those of the team and of a task are kept by themselves. */
async function changeBudget({ store, definitions }: DaemonRouterParts, budget: WantedBudget): Promise<Budget[]> {
  const now = new Date();
  const agent = AgentName.safeParse(budget.name);
  if (!agent.success) return await setBudget(store, budget, now);
  await definitions.update(agent.data, { budgetUsdPerDay: budget.usd });
  await followBudget(store, budget, now);
  return await getBudgets(store, now);
}

function spendRouter(parts: DaemonRouterParts) {
  const { spend } = os;
  const { store } = parts;
  return spend.router({
    summary: spend.summary.handler(async ({ input }) => await readSpend(store, { ...input, now: new Date() })),
    budgets: {
      get: spend.budgets.get.handler(async () => await getBudgets(store, new Date())),
      set: spend.budgets.set.handler(async ({ input }) => await changeBudget(parts, input)),
    },
    retry: spend.retry.handler(async () => ({ tasks: await retryResting(store) })),
  });
}

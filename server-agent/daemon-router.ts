import { implement } from "@orpc/server";
import { DaemonApi } from "../contract/daemon-api.ts";
import type { Approval } from "../contract/approvals.ts";
import type { DaemonStatus } from "../contract/status.ts";
import { answerApproval, listApprovals } from "./approvals/approvals.ts";
import { listAudit, readAudit, readHead } from "./audit/read-audit.ts";
import { readHistory } from "./chat/read-history.ts";
import { sendMessage } from "./chat/send-message.ts";
import { follow, type FollowParts } from "./events/follow.ts";
import { getBudgets, retryResting, setBudget } from "./spend/budgets.ts";
import { readSpend } from "./spend/read-spend.ts";
import { cancelTask, type CancelParts } from "./tasks/cancel-task.ts";
import { listTasks, listTeamMessages, showTask } from "./tasks/read-tasks.ts";
import { pauseTask, prioritizeTask, resumeTask, steerTask, type SteerParts } from "./tasks/steer-task.ts";
import type { SendParts } from "./chat/send-message.ts";

export interface DaemonRouterParts extends FollowParts, SendParts, CancelParts, Pick<SteerParts, "tellConsole"> {
  readonly readStatus: () => Promise<DaemonStatus>;
}

/** Answers people's apps. */
export function daemonRouter(parts: DaemonRouterParts) {
  const os = implement(DaemonApi);
  const { store } = parts;
  const steering: SteerParts = { ...parts, sendMessage: async (message) => await sendMessage(parts, message) };
  return os.router({
    chat: {
      send: os.chat.send.handler(async ({ input }) => await sendMessage(parts, { ...input, from: "person" })),
      history: os.chat.history.handler(async ({ input }) => await readHistory(store, input)),
    },
    events: {
      follow: os.events.follow.handler(({ input, signal }) => follow(parts, { ...input, signal })),
    },
    tasks: {
      list: os.tasks.list.handler(async ({ input }) => await listTasks(store, input.limit)),
      show: os.tasks.show.handler(async ({ input }) => await showTask(store, input.id)),
      cancel: os.tasks.cancel.handler(async ({ input }) => await cancelTask(parts, input.id)),
      pause: os.tasks.pause.handler(async ({ input }) => await pauseTask(steering, input.id)),
      resume: os.tasks.resume.handler(async ({ input }) => await resumeTask(steering, input.id)),
      prioritize: os.tasks.prioritize.handler(
        async ({ input }) => await prioritizeTask(steering, input.id, input.priority),
      ),
      steer: os.tasks.steer.handler(async ({ input }) => await steerTask(steering, input)),
    },
    teamMessages: {
      list: os.teamMessages.list.handler(async ({ input }) => await listTeamMessages(store, input.taskId)),
    },
    approvals: {
      list: os.approvals.list.handler(
        async ({ input }): Promise<Approval[]> => await listApprovals(store, input.state),
      ),
      answer: os.approvals.answer.handler(async ({ input }) => await answerApproval(store, input)),
    },
    audit: {
      head: os.audit.head.handler(async () => await readHead(store)),
      list: os.audit.list.handler(async ({ input }) => await listAudit(store, input)),
      read: os.audit.read.handler(({ input, signal }) => readAudit(store, input.after, signal)),
    },
    spend: {
      summary: os.spend.summary.handler(async ({ input }) => await readSpend(store, { ...input, now: new Date() })),
      budgets: {
        get: os.spend.budgets.get.handler(async () => await getBudgets(store, new Date())),
        set: os.spend.budgets.set.handler(async ({ input }) => await setBudget(store, input, new Date())),
      },
      retry: os.spend.retry.handler(async () => ({ tasks: await retryResting(store) })),
    },
    status: {
      get: os.status.get.handler(async () => await parts.readStatus()),
    },
  });
}

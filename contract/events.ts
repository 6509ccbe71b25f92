import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { AgentName, AgentStatus } from "./agents.ts";
import { AlgorithmRun } from "./algorithm.ts";
import { api } from "./api-base.ts";
import { Approval } from "./approvals.ts";
import { Message } from "./chat.ts";
import { Snapshot } from "./snapshots.ts";
import { Day } from "./spend.ts";
import { Task, ToolCall } from "./tasks.ts";
import { SentMessage } from "./team-messages.ts";

const seq = z.number().int();

/**
 * What happens on a server. Events with `seq` are stored and numbered without reuse; a reader asks for what came after
 * its last number. The others are live only: they may be missed, and repeat nothing that must not be lost.
 */
export const DaemonEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("message_added"), seq, message: Message }),
  z.object({ type: z.literal("task_changed"), seq, task: Task }),
  z.object({ type: z.literal("tool_changed"), seq, call: ToolCall }),
  z.object({ type: z.literal("approval_changed"), seq, approval: Approval }),
  z.object({ type: z.literal("snapshot_changed"), seq, snapshot: Snapshot }),
  z.object({ type: z.literal("team_message_changed"), seq, message: SentMessage }),
  z.object({ type: z.literal("algorithm_changed"), seq, run: AlgorithmRun }),
  /**
   * Text of a message that is being written: it replaces everything from `offset` (UTF-16 units) on. `messageId` is
   * the id of the `message_added` that will close it. A delta at offset 0 is the whole text so far.
   */
  z.object({
    type: z.literal("delta"),
    messageId: z.string(),
    /** Of that message. */
    role: Message.shape.role.extract(["agent", "thought"]).optional(),
    conversationId: z.string(),
    taskId: z.string(),
    agent: AgentName,
    offset: z.number().int(),
    text: z.string(),
  }),
  z.object({ type: z.literal("agent_changed"), agent: AgentStatus }),
  /** After a model request, in USD: today's sums, and what the task has cost so far. */
  z.object({
    type: z.literal("spend_changed"),
    day: Day,
    todayUsd: z.number(),
    agent: AgentName,
    agentTodayUsd: z.number(),
    taskId: z.string(),
    taskUsd: z.number(),
  }),
  /** Everything stored up to `seq` has been sent; what follows is as it happens. */
  z.object({ type: z.literal("caught_up"), seq }),
]);
export type DaemonEvent = z.infer<typeof DaemonEvent>;

export const events = {
  /** Stored events after `after`, the partial text of messages being written, then everything live, until closed. */
  follow: api
    .input(z.object({ after: seq.min(0), conversationId: z.string().optional() }))
    .output(eventIterator(DaemonEvent)),
};

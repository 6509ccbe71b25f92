import { z } from "zod";
import { AgentName } from "./agents.ts";
import { AlgorithmRun, WorkMode } from "./algorithm.ts";
import { api } from "./api-base.ts";
import { ToolCall, Task } from "./tasks.ts";
import { Approval } from "./approvals.ts";
import { DEFAULT_PRIORITY, Priority } from "./team-messages.ts";

export const MAIN_CONVERSATION = "main";

export const Message = z.object({
  id: z.string(),
  conversationId: z.string(),
  taskId: z.string().nullable(),
  /** `thought`: what an agent's model thought. `notice`: said by the daemon, such as "The console of code restarted". */
  role: z.enum(["person", "agent", "thought", "notice"]),
  agent: AgentName.nullable(),
  /** Markdown. */
  text: z.string(),
  simulated: z.boolean(),
  at: z.iso.datetime(),
  /** How long the model thought; missing when that is not known. */
  ms: z.number().int().optional(),
});
export type Message = z.infer<typeof Message>;

export const chat = {
  /** `id` is made by the caller: sending the same id twice is one message. Without `agent` the supervisor answers. */
  send: api
    .input(
      z.object({
        id: z.string().min(8).max(64),
        conversationId: z.string().min(1).max(64).default(MAIN_CONVERSATION),
        text: z.string().trim().min(1).max(200_000),
        agent: AgentName.optional(),
        priority: Priority.default(DEFAULT_PRIORITY),
        /** `algorithm` is for the supervisor only. */
        mode: WorkMode.default("auto"),
      }),
    )
    .output(z.object({ taskId: z.string(), seq: z.number().int() })),
  /** The conversation up to `seq`, oldest first; follow events after `seq` to go on without a gap. */
  history: api
    .input(
      z.object({
        conversationId: z.string().default(MAIN_CONVERSATION),
        limit: z.number().int().min(1).max(1000).default(200),
        /** Only what is older than this message id. */
        before: z.string().optional(),
      }),
    )
    .output(
      z.object({
        messages: z.array(Message),
        calls: z.array(ToolCall),
        tasks: z.array(Task),
        approvals: z.array(Approval),
        runs: z.array(AlgorithmRun),
        hasMore: z.boolean(),
        seq: z.number().int(),
      }),
    ),
};

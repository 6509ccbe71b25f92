import { z } from "zod";
import { AgentName } from "./agents.ts";
import { api } from "./api-base.ts";

/** A person's answer to one exact action. */
export const Approval = z.object({
  id: z.string(),
  taskId: z.string(),
  conversationId: z.string(),
  agent: AgentName,
  /** What the agent wants to do, exactly. */
  action: z.string(),
  reason: z.string(),
  state: z.enum(["open", "allowed", "denied", "expired"]),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  answeredAt: z.iso.datetime().nullable(),
});
export type Approval = z.infer<typeof Approval>;

export const approvals = {
  list: api.input(z.object({ state: Approval.shape.state.optional() })).output(z.array(Approval)),
  /** Answering twice with the same answer is fine; a different second answer is refused. */
  answer: api.input(z.object({ id: z.string(), allow: z.boolean() })).output(Approval),
};

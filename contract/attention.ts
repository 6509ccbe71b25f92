import { eventIterator } from "@orpc/contract";
import { z } from "zod";
import { AgentName } from "./agents.ts";
import { api } from "./api-base.ts";

/** Something that waits for a person: a question, or an agent that was stopped. */
export const Attention = z.object({
  serverId: z.string(),
  kind: z.enum(["approval", "hold"]),
  /** Of the approval, or the agent's name. */
  id: z.string(),
  agent: AgentName,
});
export type Attention = z.infer<typeof Attention>;

export const attention = {
  /** What of it stands on the page at the moment: a person who looks at it needs no notification. */
  seen: api.input(z.object({ serverId: z.string(), ids: z.array(z.string()).max(100) })).output(z.void()),
  /** What the person opened from a notification, as it happens. */
  opened: api.output(eventIterator(Attention)),
};

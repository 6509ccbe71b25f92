import { z } from "zod";

export const AgentName = z.enum(["supervisor", "code", "data", "infra", "research", "qa"]);
export type AgentName = z.infer<typeof AgentName>;

export const SPECIALISTS = ["code", "data", "infra", "research", "qa"] as const satisfies readonly AgentName[];

/** The Unix user of an agent on a server. `ai-infra` itself is the daemon's user. */
export function agentUser(name: AgentName): string {
  return name === "infra" ? "ai-infra-agent" : `ai-${name}`;
}

/** The windows of the tmux session `ai-infrastructure`, by index 0-7. */
export const WindowName = z.enum([...AgentName.options, "monitor", "logs"]);
export type WindowName = z.infer<typeof WindowName>;

/** Permission levels: 0 restricted, 1 standard, 2 elevated, 3 privileged. */
export const Level = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]);
export type Level = z.infer<typeof Level>;

export const AgentState = z.enum(["offline", "idle", "working", "waiting", "held"]);
export type AgentState = z.infer<typeof AgentState>;

/** Why an agent was stopped after its console ended again and again. Its tasks wait. */
export const AgentHold = z.object({
  reason: z.string(),
  since: z.iso.datetime(),
  /** A person has said that it is to stay stopped. */
  kept: z.boolean(),
});
export type AgentHold = z.infer<typeof AgentHold>;

export const AgentStatus = z.object({
  name: AgentName,
  level: Level,
  /** `offline`: its console does not answer the daemon. `waiting`: it needs a person or another agent. */
  state: AgentState,
  /** While it is `held`. */
  hold: AgentHold.optional(),
  taskId: z.string().nullable(),
  /** One line for people, such as "Running npm test". */
  activity: z.string().nullable(),
  lastActivityAt: z.iso.datetime().nullable(),
});
export type AgentStatus = z.infer<typeof AgentStatus>;

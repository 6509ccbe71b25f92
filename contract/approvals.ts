import { z } from "zod";
import { AgentName } from "./agents.ts";
import { api } from "./api-base.ts";
import { GrantMinutes } from "./grants.ts";
import { ActionPattern } from "./permissions.ts";

/** What an action would destroy, so that a copy can be taken before. */
export const Destructive = z.object({
  kind: z.enum(["files", "git", "database", "service", "container", "dns"]),
  /** Paths, refs, tables, units or names. */
  targets: z.array(z.string()),
  /** Where it happens, when targets do not say: folders of a repository, the file of a database. */
  within: z.array(z.string()).optional(),
  /** Of a push that destroys: what it is sent to. */
  remotes: z.array(z.string()).optional(),
  /** Of a database of PostgreSQL on this machine: which, and its tables; none: all of it. */
  databases: z.array(z.object({ name: z.string(), tables: z.array(z.string()) })).optional(),
});
export type Destructive = z.infer<typeof Destructive>;

/** A person's answer to one exact action. */
export const Approval = z.object({
  id: z.string(),
  taskId: z.string(),
  conversationId: z.string(),
  agent: AgentName,
  /** What the agent wants to do, exactly. */
  action: z.string(),
  reason: z.string(),
  /** The tool and its input that the answer is bound to; null for a question in the agent's own words. */
  tool: z.string().nullable(),
  /** What could be allowed for some time instead of once; empty when a person has to see it each time. */
  grantable: z.array(ActionPattern),
  /** SHA-256 of the canonical JSON of agent, tool and input. An allowed action is done once, and no other. */
  hash: z.string().nullable(),
  destructive: Destructive.nullable(),
  /** How often the agent did this with the same result: a yes lets the task go on, a no ends it. */
  repeats: z.number().int().optional(),
  state: z.enum(["open", "allowed", "denied", "expired"]),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  answeredAt: z.iso.datetime().nullable(),
  /** When the allowed action was started. */
  usedAt: z.iso.datetime().nullable(),
});
export type Approval = z.infer<typeof Approval>;

export const approvals = {
  list: api.input(z.object({ state: Approval.shape.state.optional() })).output(z.array(Approval)),
  /**
   * Answering twice with the same answer is fine; a different second answer is refused. `hash` is the one that was shown
   * with the action: an answer to another action is refused.
   */
  answer: api
    .input(
      z.object({
        id: z.string(),
        allow: z.boolean(),
        hash: z.string().nullable().default(null),
        /** Allows what is `grantable` of the question for some time, too. */
        forMinutes: GrantMinutes.optional(),
      }),
    )
    .output(Approval),
};

import { z } from "zod";
import { AgentName } from "./agents.ts";
import { Phase } from "./algorithm.ts";
import { api } from "./api-base.ts";

/** 1 to 10; 10 is the most urgent. */
export const Priority = z.number().int().min(1).max(10);
export const DEFAULT_PRIORITY = 5;

/** Who can send: an agent, or a person through the app or a window. */
export const MessageSource = z.enum([...AgentName.options, "person"]);

/**
 * What agents send each other. Stored before anybody sees it, told once for each id, and kept: a reader can ask for all
 * of a task's messages again. `target` `*` is every agent but the source.
 */
export const TeamMessage = z.object({
  id: z.string().min(1).max(100),
  timestamp: z.iso.datetime(),
  source: MessageSource,
  target: z.union([AgentName, z.literal("*")]),
  type: z.enum(["task", "result", "handoff", "query", "heartbeat", "learn"]),
  priority: Priority,
  payload: z.object({
    task_id: z.string().nullable(),
    /** What is asked or told, for the one who reads it. */
    action: z.string(),
    context: z.string(),
    memory_refs: z.array(z.string()),
  }),
  pai: z.object({
    algorithm_phase: Phase.nullable(),
    verification_criteria: z.array(z.string()),
    learning_signals: z.array(z.string()),
  }),
});
export type TeamMessage = z.infer<typeof TeamMessage>;

/** A message with the conversation it belongs to and who has taken it so far. */
export const SentMessage = TeamMessage.extend({ conversationId: z.string(), takenBy: z.array(AgentName) });
export type SentMessage = z.infer<typeof SentMessage>;

export const teamMessages = {
  /** Of a task and everything below it, oldest first. */
  list: api.input(z.object({ taskId: z.string() })).output(z.array(SentMessage)),
};

import { z } from "zod";
import { AgentName } from "./agents.ts";
import { api } from "./api-base.ts";

/** How a console tells that it lives: by itself, so that one that hangs is known although its connection is open. */
export const BEAT_MS = 2_000;

/** A turn as its console sees it: how long nothing has come of it, and how long that is no trouble. */
export const TurnPulse = z.object({
  turnId: z.string(),
  idleMs: z.number().min(0),
  /** Null while the turn waits for a person, another agent or the daemon. */
  patienceMs: z.number().min(0).nullable(),
});
export type TurnPulse = z.infer<typeof TurnPulse>;

/** What an agent takes of its machine at the moment, all processes of its window together, and has cost today. */
export const AgentUse = z.object({
  name: AgentName,
  /** Of one processor; null while its console does not run. */
  cpuPercent: z.number().min(0).nullable(),
  /** That is its own: what processes share, such as the program itself, is not counted. */
  memoryBytes: z.number().int().min(0).nullable(),
  todayUsd: z.number(),
});
export type AgentUse = z.infer<typeof AgentUse>;

export const health = {
  /** Measured when it is asked for, at most every two seconds. */
  usage: api.output(z.array(AgentUse)),
  /** Lets a held agent work again. One that is not held stays as it is. */
  start: api.input(z.object({ name: AgentName })).output(z.void()),
  /** Answers that a held agent is to stay stopped: nobody is asked again, until it is started. */
  keepStopped: api.input(z.object({ name: AgentName })).output(z.void()),
};

import { z } from "zod";
import { AgentStatus } from "./agents.ts";
import { api } from "./api-base.ts";
import { WireError } from "./errors.ts";
import { WebSearch } from "./web-search.ts";

export const ModelName = z.enum(["simulated", "anthropic"]);
export type ModelName = z.infer<typeof ModelName>;

export const ServiceStatus = z.object({
  name: z.enum(["daemon", "postgres", "redis", "tmux", "sandbox"]),
  state: z.enum(["up", "down"]),
  /** Version when up, what is wrong when down. */
  detail: z.string(),
});
export type ServiceStatus = z.infer<typeof ServiceStatus>;

/** What the team's memory holds, and by what it is found. */
export const MemoryStatus = z.object({
  files: z.number().int(),
  /** Paragraphs or so, each found by itself. */
  pieces: z.number().int(),
  /** Of these, those that are found by their meaning, too. */
  withVector: z.number().int(),
  /** Without the model, words alone count. */
  hasModel: z.boolean(),
  /** Where vectors are found. */
  index: z.enum(["postgres", "qdrant"]),
  /** Why the last work at it failed; null when it did not. */
  problem: z.string().nullable(),
});
export type MemoryStatus = z.infer<typeof MemoryStatus>;

export const DaemonStatus = z.object({
  healthy: z.boolean(),
  version: z.string(),
  startedAt: z.iso.datetime(),
  model: ModelName,
  /** Who searches the web for agents; null for the model's own provider. */
  webSearch: WebSearch.nullable().optional(),
  services: z.array(ServiceStatus),
  agents: z.array(AgentStatus),
  /** Null while it cannot be told. */
  memory: MemoryStatus.nullable().optional(),
  /** Files that define agents and are not used, because of a mistake in them. */
  definitionProblems: z.array(WireError).optional(),
});
export type DaemonStatus = z.infer<typeof DaemonStatus>;

export const status = {
  get: api.output(DaemonStatus),
};

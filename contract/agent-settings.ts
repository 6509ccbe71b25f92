import { z } from "zod";
import { AgentName, Level } from "./agents.ts";
import { api } from "./api-base.ts";
import { WireError } from "./errors.ts";
import { ToolName } from "./permissions.ts";

export const Effort = z.enum(["low", "medium", "high", "xhigh", "max"]);
export type Effort = z.infer<typeof Effort>;

/** Who asks the model: `api`, ours; `claude-code`, a program of others that the operator installs (docs/claude-code-driver.md). */
export const DriverName = z.enum(["api", "claude-code"]);
export type DriverName = z.infer<typeof DriverName>;

/** `adaptive`: the model decides when and how much it thinks. A number of tokens is for models that know no other way. */
export const Thinking = z.union([z.enum(["adaptive", "off"]), z.number().int().min(1_024).max(64_000)]);
export type Thinking = z.infer<typeof Thinking>;

/** The tools an agent can be given. `submit_output` comes with the work that wants it. */
export const AgentToolName = ToolName.exclude(["submit_output"]);
export type AgentToolName = z.infer<typeof AgentToolName>;

/** A program that offers an agent more tools over the Model Context Protocol. It runs as the agent's own user. */
export const McpServer = z.strictObject({
  command: z.string().startsWith("/", "must be the absolute path of a program").max(1024),
  args: z.array(z.string().max(4096)).max(100).default([]),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(4096)).default({}),
});
export type McpServer = z.infer<typeof McpServer>;

export const AgentSettings = z.strictObject({
  model: z.string().regex(/^[a-z0-9][a-z0-9.-]{2,79}$/, "must be the name of a model, such as claude-sonnet-5-5"),
  /** Changed in the file only, like `mcpServers`: what widens an agent's rights is not a setting of the app. */
  level: Level,
  tools: z.array(AgentToolName).refine((tools) => new Set(tools).size === tools.length, "names a tool twice"),
  /** Null: as much as it takes. */
  budgetUsdPerDay: z.number().min(0).max(1_000_000).nullable(),
  /** Of one answer of the model, its thinking included. */
  maxTokens: z.number().int().min(1_024).max(128_000),
  /** Tasks at a time. */
  concurrency: z.number().int().min(1).max(8),
  effort: Effort,
  thinking: Thinking,
  driver: DriverName,
  mcpServers: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,31}$/), McpServer),
});
export type AgentSettings = z.infer<typeof AgentSettings>;

export const MAX_PROMPT_CHARACTERS = 100_000;

/** Who an agent is: the shipped definition with what was changed on this server. */
export const AgentDefinition = z.object({
  name: AgentName,
  settings: AgentSettings,
  /** The text of its AGENT.md. What every agent is told stands before it. */
  prompt: z.string(),
  /** Settings that differ from the shipped ones, and `prompt` when that does. */
  changed: z.array(z.union([AgentSettings.keyof(), z.literal("prompt")])),
  /** Changes with the definition, so that nobody overwrites what another changed meanwhile. */
  revision: z.string(),
});
export type AgentDefinition = z.infer<typeof AgentDefinition>;

const DefinitionChange = AgentSettings.omit({ level: true, mcpServers: true })
  .partial()
  .extend({ prompt: z.string().trim().min(1, "must not be empty").max(MAX_PROMPT_CHARACTERS).optional() });
export type DefinitionChange = z.infer<typeof DefinitionChange>;

const name = AgentName;

export const agents = {
  list: api.output(z.array(AgentDefinition)),
  get: api.input(z.object({ name })).output(
    z.object({
      definition: AgentDefinition,
      teamRules: z.string(),
      folder: z.string(),
      problems: z.array(WireError),
    }),
  ),
  /** In force with the agent's next turn. Refused when the definition is no longer that of `revision`. */
  update: api
    .input(z.object({ name, change: DefinitionChange, revision: z.string().optional() }))
    .output(AgentDefinition),
  /** Back to what was shipped; the level stays. */
  reset: api.input(z.object({ name })).output(AgentDefinition),
};

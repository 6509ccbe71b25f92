import type { z } from "zod";

export interface ToolContext {
  /** Of the Messages API; the same for every run of one call. */
  readonly callId: string;
  readonly signal: AbortSignal;
  /** Output as it comes, for people at the window. */
  readonly onOutput: (text: string) => void;
}

/** A tool of an agent, with its input checked before it is used. What `run` throws is the model's to read. */
export interface AgentTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: z.ZodType;
  /** After a restart a call still running may be run again: it joins what it began before. */
  readonly joins: boolean;
  /** The turn has ended once a call of it has succeeded. */
  readonly endsTurn: boolean;
  /** One line for people: the path, the command, the agent asked. */
  summary(input: unknown): string;
  /** A call that has not ended after so long without output never will. */
  longestMs(input: unknown): number;
  run(input: unknown, context: ToolContext): Promise<string>;
}

interface ToolDefinition<Schema extends z.ZodType> {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Schema;
  readonly joins?: boolean;
  readonly endsTurn?: boolean;
  readonly summary: (input: z.infer<Schema>) => string;
  readonly longestMs?: (input: z.infer<Schema>) => number;
  readonly run: (input: z.infer<Schema>, context: ToolContext) => Promise<string>;
}

/** The longest time-out of any tool that does not say its own: installing packages as root. */
const LONGEST_MS = 35 * 60_000;

export function defineTool<Schema extends z.ZodType>(definition: ToolDefinition<Schema>): AgentTool {
  const { name, description, inputSchema, joins = false, endsTurn = false } = definition;
  return {
    name,
    description,
    inputSchema,
    joins,
    endsTurn,
    summary: (input) => definition.summary(inputSchema.parse(input)),
    longestMs: (input) => definition.longestMs?.(inputSchema.parse(input)) ?? LONGEST_MS,
    run: async (input, context) => await definition.run(inputSchema.parse(input), context),
  };
}

import type { AgentTool } from "../../agents/agent-tool.ts";
import type { AgentTools } from "../../agents/tools-of.ts";
import type { BeforeCompaction, CompactParts } from "../compact.ts";
import type { Utterance } from "../conversation.ts";
import type { ModelProfile } from "../model-request.ts";
import type { CallParts } from "../run-call.ts";
import type { TurnControl } from "../turn-runner.ts";

/**
 * Who asks the model and hands out the calls it makes. What it may do, what is remembered and how a turn ends is the
 * same for all: each answer is journalled before its tools run, each call passes `runCall`, and the journal alone says
 * where the turn stands, so that any driver goes on where another one, or a process that died, stopped.
 */
export interface AgentDriver {
  /**
   * Goes on where the journal ends, for one step or several; returns where the turn may end, a person's word may go in
   * or the conversation be shortened. Only runs the calls of the last answer when they have no results yet.
   */
  takeSteps(): Promise<void>;
  /** True when the thoughts of this conversation were the reason, and the next step is taken without them. */
  forgetThoughts(error: unknown): boolean;
  compaction(): CompactParts;
}

export interface DriverParts extends CallParts {
  readonly turnId: string;
  readonly tools: readonly AgentTool[];
  /** Tools that the model's provider runs. */
  readonly provided: AgentTools["provided"];
  readonly profile: ModelProfile;
  readonly control: TurnControl;
  /** Reaches the model gateway. */
  readonly fetch: typeof fetch;
  /** True once the turn has given what it has to end with: then the model is not asked again. */
  readonly isOver: () => boolean;
  /** Stores a finished piece of text; the same index twice is one. */
  readonly say: (utterance: Utterance & { readonly ms?: number | undefined }) => Promise<void>;
  readonly beforeCompaction?: BeforeCompaction;
}

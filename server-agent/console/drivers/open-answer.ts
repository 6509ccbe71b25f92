import type { BetaMessageParam } from "@anthropic-ai/sdk/resources/beta/messages/messages";
import { blocksOf } from "../conversation.ts";
import type { CallOutcome } from "../outcomes.ts";
import { endOfStep } from "../step.ts";
import type { DriverParts } from "./driver.ts";

/** The answer whose calls run, as they come from another program: in any order, and before the answer itself is whole. */
export interface OpenAnswer {
  /** Resolves when the answer that holds the call is journalled. */
  whenKept(id: string): Promise<void>;
  keep(answer: BetaMessageParam): Promise<void>;
  isSettled(id: string): boolean;
  /** The outcome of a call; the last one of an answer ends the step. */
  settle(id: string, outcome: CallOutcome): Promise<void>;
}

export interface AnswerParts {
  readonly driver: DriverParts;
  /** Between two steps: whether the turn's own loop has something to do. */
  readonly mustPause: () => boolean;
  readonly pause: () => Promise<void>;
}

export function createOpenAnswer({ driver, mustPause, pause }: AnswerParts): OpenAnswer {
  const outcomes = new Map<string, CallOutcome>();
  const kept = new Map<string, PromiseWithResolvers<void>>();
  let open: readonly string[] = [];
  const keptOf = (id: string): PromiseWithResolvers<void> => {
    const known = kept.get(id) ?? Promise.withResolvers<void>();
    kept.set(id, known);
    return known;
  };
  const endStep = async (): Promise<void> => {
    if (open.length === 0 || !open.every((id) => outcomes.has(id))) return;
    const results = resultsOf(open, outcomes);
    open = [];
    await endOfStep(results, driver);
    if (mustPause()) await pause();
  };
  return {
    whenKept: async (id) => await keptOf(id).promise,
    async keep(answer) {
      if (open.length > 0) throw new Error(`The model was asked again while ${open.join(", ")} had no results`);
      open = blocksOf(answer).flatMap((block) => (block.type === "tool_use" ? block.id : []));
      for (const id of open) keptOf(id).resolve();
      await endStep();
    },
    isSettled: (id) => outcomes.has(id),
    async settle(id, outcome) {
      outcomes.set(id, outcome);
      await endStep();
    },
  };
}

function resultsOf(ids: readonly string[], outcomes: ReadonlyMap<string, CallOutcome>): BetaMessageParam {
  return {
    role: "user",
    content: ids.map((id) => {
      const { output, failed } = outcomes.get(id) ?? { output: "", failed: true };
      return { type: "tool_result", tool_use_id: id, content: output, ...(failed && { is_error: true }) };
    }),
  };
}

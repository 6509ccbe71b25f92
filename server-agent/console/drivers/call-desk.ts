import type { BetaMessageParam } from "@anthropic-ai/sdk/resources/beta/messages/messages";
import type { CallOutcome } from "../outcomes.ts";
import { runCall } from "../run-call.ts";
import type { OfferedCall } from "./offer-tools.ts";
import { type AnswerParts, createOpenAnswer, type OpenAnswer } from "./open-answer.ts";
import type { SessionEnd } from "./session-end.ts";

/** Where the calls of another program come in: nothing runs here that was not let in and journalled before. */
export interface CallDesk {
  /** Lets a call in; else says why not. */
  admit(call: Pick<OfferedCall, "id" | "name">): string | null;
  /** Runs an admitted call once the answer that holds it is journalled. Without an end when the session has one. */
  run(call: OfferedCall): Promise<CallOutcome>;
  answerKept(message: BetaMessageParam): Promise<void>;
  /** What the program says a call ended with: it answers calls itself that do not come here, such as of unknown tools. */
  answered(id: string, outcome: CallOutcome): Promise<void>;
  /** Resolves when nothing runs any more. */
  idle(): Promise<void>;
}

export interface DeskParts extends AnswerParts {
  readonly end: SessionEnd;
}

/** A program that heard how its session ended would ask the model again. */
const NEVER = new Promise<never>(() => undefined);

export function openCallDesk(parts: DeskParts): CallDesk {
  const { driver, end } = parts;
  const answer = createOpenAnswer(parts);
  const admitted = new Map<string, string>();
  const begun = new Set<string>();
  const running = new Set<Promise<unknown>>();
  return {
    admit({ id, name }) {
      if (end.signal.aborted) return "The turn has stopped here";
      if (!driver.tools.some((tool) => tool.name === name)) return `There is no tool ${name}`;
      admitted.set(id, name);
      return null;
    },
    async run(call) {
      if (admitted.get(call.id) !== call.name) return { output: "This call was not let in.", failed: true };
      begun.add(call.id);
      const done = work(call, answer, parts);
      running.add(done);
      try {
        const outcome = await done;
        return end.signal.aborted ? await NEVER : outcome;
      } catch (error) {
        end.fail(error);
        return await NEVER;
      } finally {
        running.delete(done);
      }
    },
    answerKept: async (message) => await answer.keep(message),
    async answered(id, outcome) {
      // Outcomes of ours come back this way too.
      if (!begun.has(id) && !answer.isSettled(id)) await answer.settle(id, outcome);
    },
    async idle() {
      await Promise.allSettled(running);
    },
  };
}

async function work(call: OfferedCall, answer: OpenAnswer, { driver, end }: DeskParts): Promise<CallOutcome> {
  const { id, name, input } = call;
  await Promise.race([answer.whenKept(id), rejectAtEnd(end.signal)]);
  const tool = driver.tools.find((tool) => tool.name === name);
  const parsed = tool?.inputSchema.safeParse(input);
  const outcome =
    tool && parsed?.success
      ? await runCall(tool, { id, input }, driver)
      : { output: `The input is not what ${name} takes: ${parsed?.error?.message}`, failed: true };
  await answer.settle(id, outcome);
  return outcome;
}

async function rejectAtEnd(signal: AbortSignal): Promise<never> {
  return await new Promise((_, reject) => {
    const refuse = (): void => reject(new Error("The session has ended"));
    if (signal.aborted) refuse();
    else signal.addEventListener("abort", refuse, { once: true });
  });
}

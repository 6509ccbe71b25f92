import type { BetaMessageParam } from "@anthropic-ai/sdk/resources/beta/messages/messages";
import { canCompact, compact, isFull, isTooLong } from "./compact.ts";
import { hasOpenCalls, isFinal, lastWords, utterancesOf } from "./conversation.ts";
import type { AgentDriver, DriverParts } from "./drivers/driver.ts";
import { sayOne } from "./step.ts";

/**
 * Talks with the model until it needs no more tools, and gives its last words. Each answer is journalled before its
 * tools run, their results after, so that calling this again after any cut goes on where the journal ends.
 */
export async function converse(parts: DriverParts, driver: AgentDriver): Promise<string> {
  const { journal, isOver } = parts;
  for (const utterance of utterancesOf(journal.added())) await sayOne(parts, utterance);
  for (;;) {
    await takeSteering(parts);
    const last = journal.added().at(-1);
    if (isFinal(last) || (isOver() && !hasOpenCalls(last))) return lastWords(journal.added());
    try {
      if (!hasOpenCalls(last) && isFull(driver.compaction())) await compact(driver.compaction());
      await driver.takeSteps();
    } catch (error) {
      if (driver.forgetThoughts(error)) continue;
      if (!isTooLong(error) || !canCompact(journal.conversation)) throw error;
      await compact(driver.compaction());
    }
  }
}

/** A person's words go in between two steps, each once. */
async function takeSteering({ journal, control }: DriverParts): Promise<void> {
  if (hasOpenCalls(journal.added().at(-1))) return;
  for (const [messageId, text] of control.steering) {
    control.steering.delete(messageId);
    if (journal.hasTaken(messageId)) continue;
    const message: BetaMessageParam = { role: "user", content: `A person says while you work: ${text}` };
    await journal.append({ kind: "steer", message, messageId });
  }
}

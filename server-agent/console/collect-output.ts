import { z } from "zod";
import type { BetaMessageParam } from "@anthropic-ai/sdk/resources/beta/messages/messages";
import type { WantedOutput } from "../../contract/algorithm.ts";
import { AppError } from "../../contract/errors.ts";
import { SUBMIT_OUTPUT } from "../agents/submit-output-tool.ts";
import type { CallBook } from "./call-book.ts";
import type { TurnJournal } from "./turn-journal.ts";

type Journal = Pick<TurnJournal, "added" | "append"> & { readonly calls: Pick<CallBook, "get"> };

const MAX_REMINDERS = 2;
const REMINDER = `Your turn ends with a call of ${SUBMIT_OUTPUT}, which is missing. Call it now.`;

/** Lets the agent talk until it has submitted what its turn has to end with; one that only talks is reminded twice. */
export async function collectOutput(
  journal: Journal,
  { phase }: Pick<WantedOutput, "phase">,
  converse: () => Promise<string>,
): Promise<{ readonly text: string; readonly output: unknown }> {
  for (;;) {
    const text = await converse();
    const output = submittedOutput(journal);
    if (output !== undefined) return { text, output };
    if (journal.added().filter(isReminder).length >= MAX_REMINDERS) {
      throw new AppError("task.failed", `The agent ended ${phase} without its output, though it was reminded twice`);
    }
    await journal.append({ kind: "reminder", message: { role: "user", content: REMINDER } });
  }
}

/** What was submitted and accepted; undefined as long as nothing was. */
export function submittedOutput({ added, calls }: Pick<Journal, "added" | "calls">): unknown {
  const submitted = toolUses(added()).find(({ id, name }) => name === SUBMIT_OUTPUT && calls.get(id)?.state === "done");
  return submitted?.input;
}

/** Whether a command was run, or refused, in this turn; one whose outcome is not known has to be run again. */
export function hasRunCommand({ added, calls }: Pick<Journal, "added" | "calls">, command: string): boolean {
  const messages = added();
  const open = new Set(toolUses(messages.slice(-1)).map(({ id }) => id));
  return toolUses(messages).some(({ id, name, input }) => {
    if (name !== "run_command" || CommandInput.safeParse(input).data?.command.trim() !== command.trim()) return false;
    const state = calls.get(id)?.state;
    // A call that was refused has no record here; it was answered when the conversation went on.
    return state === undefined ? !open.has(id) : state === "done" || state === "failed";
  });
}

const CommandInput = z.object({ command: z.string() });

function isReminder({ role, content }: BetaMessageParam): boolean {
  return role === "user" && content === REMINDER;
}

interface ToolUse {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

function toolUses(messages: readonly BetaMessageParam[]): ToolUse[] {
  return messages.flatMap(({ role, content }) => {
    if (role !== "assistant" || typeof content === "string") return [];
    return (content ?? []).flatMap((block) => (block.type === "tool_use" ? block : []));
  });
}

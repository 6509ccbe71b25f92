import { createHash } from "node:crypto";
import { z } from "zod";
import type { Tx } from "../store/open-store.ts";
import type { CheckRun } from "./criteria.ts";

const EVIDENCE_LINES = 10;
const EVIDENCE_CHARACTERS = 2_000;

/** A model's message, as far as it says which command it ran with which call. */
const CommandCalls = z.object({
  content: z.array(
    z.union([
      z.object({
        type: z.literal("tool_use"),
        id: z.string(),
        name: z.literal("run_command"),
        input: z.object({ command: z.string() }),
      }),
      z.unknown().transform(() => null),
    ]),
  ),
});

/** The commands that a task's agent ran to an end, oldest first, as the daemon recorded them. */
export async function readCheckRuns(tx: Tx, taskId: string): Promise<CheckRun[]> {
  const calls = await tx
    .selectFrom("calls")
    .select(["turn_id", "call_id", "state", "output"])
    .where("task_id", "=", taskId)
    .where("tool", "=", "run_command")
    .where("state", "in", ["done", "failed"])
    .orderBy("number")
    .execute();
  const commands = await readCommands(tx, taskId);
  return calls.flatMap(({ turn_id, call_id, state, output }) => {
    const callId = `${turn_id}.${call_id}`;
    const command = commands.get(callId);
    if (command === undefined) return [];
    return [{ command, passed: state === "done", callId, outputSha256: sha256(output), lastLines: lastLines(output) }];
  });
}

async function readCommands(tx: Tx, taskId: string): Promise<Map<string, string>> {
  const entries = await tx
    .selectFrom("journal_entries")
    .innerJoin("turns", "turns.id", "journal_entries.turn_id")
    .select(["turns.id as turnId", "journal_entries.message"])
    .where("turns.task_id", "=", taskId)
    .where("journal_entries.kind", "=", "assistant")
    .execute();
  return new Map(
    entries.flatMap(({ turnId, message }) => {
      const blocks = CommandCalls.safeParse(message).data?.content ?? [];
      return blocks.flatMap((block) => (block ? [[`${turnId}.${block.id}`, block.input.command.trim()] as const] : []));
    }),
  );
}

function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

function lastLines(output: string): string {
  const lines = output.trimEnd().split("\n").slice(-EVIDENCE_LINES).join("\n");
  return lines.slice(-EVIDENCE_CHARACTERS);
}
